// A real Firefox with a profile, a home and a desktop of its own, driven over WebDriver BiDi.

import fs from 'node:fs/promises';
import path from 'node:path';

import puppeteer from 'puppeteer-core';

import { Desktop } from './notifications.mjs';
import { program } from './programs.mjs';

/**
 * Starts Firefox in `folder` against this push service.
 *
 * Answers `{name, browser, desktop, page(), stop()}`. Notifications may be shown without asking, as after a person's yes.
 */
export async function startFirefox(folder, pushService) {
  await fs.mkdir(path.join(folder, 'home'), { recursive: true });
  const desktop = await Desktop.start(folder);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: program('WATCHBELL_FIREFOX', 'firefox-esr'),
    headless: true,
    userDataDir: path.join(folder, 'profile'),
    env: { ...process.env, ...desktop.environment, HOME: path.join(folder, 'home'), MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    extraPrefsFirefox: {
      ...pushService.firefoxPreferences,
      'permissions.default.desktop-notification': 1,
      // Notices go to the desktop, where their actions can be clicked.
      'alerts.useSystemBackend': true,
      'dom.push.connection.enabled': true,
      'dom.push.enabled': true,
      // A click opens a page in this process and not in another instance.
      'browser.link.open_newwindow': 3,
      'datareporting.policy.dataSubmissionEnabled': false,
      'intl.accept_languages': 'en-US, en',
    },
  });
  return {
    name: 'Firefox',
    browser,
    desktop,
    page: () => browser.newPage(),
    stop: async () => {
      await browser.close().catch(() => {});
      await desktop.stop();
    },
  };
}
