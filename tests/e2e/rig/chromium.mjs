// A real Chromium with a profile, a home and a desktop of its own, driven over the DevTools protocol.

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import puppeteer from 'puppeteer-core';

import { trustIn } from './certificates.mjs';
import { Desktop } from './notifications.mjs';
import { program } from './programs.mjs';

const ALLOW = 1;

/** What a Chromium with a window says of itself; without one it says HeadlessChrome, and no person has that. */
async function userAgent(executable) {
  const { stdout } = await promisify(execFile)(executable, ['--version']);
  const [, major] = /(\d+)\./.exec(stdout);
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}

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
  const executablePath = program('WATCHBELL_CHROMIUM', 'chromium');
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    userDataDir: profile,
    env: { ...process.env, ...desktop.environment, HOME: home },
    // Puppeteer switches off what talks to Google in the background: push is one of those.
    ignoreDefaultArgs: ['--disable-background-networking', '--disable-component-extensions-with-background-pages'],
    args: [
      ...pushService.chromiumArguments,
      `--user-agent=${await userAgent(executablePath)}`,
      '--lang=en-US',
      // Chromium swallows clicks while one page fades into the next: a person waits, a test does not.
      '--force-prefers-reduced-motion',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
      // The sandbox works neither for root nor in most containers, and the pages are our own.
      '--no-sandbox',
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
