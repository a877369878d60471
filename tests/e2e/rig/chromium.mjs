// A real Chromium with a profile, a home and a desktop of its own, driven over the DevTools protocol.

import fs from 'node:fs/promises';
import path from 'node:path';

import puppeteer from 'puppeteer-core';

import { trustIn } from './certificates.mjs';
import { Desktop } from './notifications.mjs';
import { program } from './programs.mjs';

const ALLOW = 1;

/**
 * Starts Chromium in `folder` against this push service; pages of `origins` may show notifications, as after a person's yes.
 *
 * Answers `{name, browser, desktop, page(), stop()}`.
 */
export async function startChromium(folder, pushService, { certificates, origins }) {
  const home = path.join(folder, 'home');
  const profile = path.join(folder, 'profile');
  await fs.mkdir(path.join(profile, 'Default'), { recursive: true });
  await trustIn(home, certificates.caFile);
  const allowed = Object.fromEntries(origins.map((origin) => [`${origin},*`, { setting: ALLOW }]));
  await fs.writeFile(path.join(profile, 'Default', 'Preferences'), JSON.stringify({
    profile: { content_settings: { exceptions: { notifications: allowed } } },
  }));
  const desktop = await Desktop.start(folder);
  const browser = await puppeteer.launch({
    executablePath: program('WATCHBELL_CHROMIUM', 'chromium'),
    headless: true,
    userDataDir: profile,
    env: { ...process.env, ...desktop.environment, HOME: home },
    // Puppeteer switches off what talks to Google in the background: push is one of those.
    ignoreDefaultArgs: ['--disable-background-networking', '--disable-component-extensions-with-background-pages'],
    args: [
      ...pushService.chromiumArguments,
      '--lang=en-US',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
      // The sandbox needs a user that is not root; the pages are our own.
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
    ],
  });
  return {
    name: 'Chromium',
    browser,
    desktop,
    page: () => browser.newPage(),
    stop: async () => {
      await browser.close().catch(() => {});
      await desktop.stop();
    },
  };
}
