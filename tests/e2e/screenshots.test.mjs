// A picture of every page: light and dark, narrow and wide; and once more from right to left at 320 pixels.
// They land in the folder `screenshots` of the repository, which git ignores: look at them.

import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { fill, press, see } from './rig/hands.mjs';
import { JANE, arrive, signIn, startWatchbell, toSignIn } from './rig/people.mjs';
import { World } from './rig/world.mjs';

const FOLDER = fileURLToPath(new URL('../../screenshots/', import.meta.url));

const LOOKS = {
  en: [
    { width: 390, scheme: 'light' }, { width: 390, scheme: 'dark' },
    { width: 1100, scheme: 'light' }, { width: 1100, scheme: 'dark' },
  ],
  ar: [{ width: 320, scheme: 'light' }, { width: 320, scheme: 'dark' }],
};

for (const language of Object.keys(LOOKS)) {
  describe(`pictures of every page in ${language}`, () => {
    const jane = { ...JANE, username: `jane-${language}@example.com` };
    let world;
    let watchbell;
    let here;
    let page;

    before(async () => {
      await fs.mkdir(FOLDER, { recursive: true });
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser('chromium', [watchbell.url]);
      page = await here.page();
      await page.setExtraHTTPHeaders({ 'accept-language': language });
    });
    after(() => world?.stop());

    /** Takes the page's pictures in all looks. */
    async function picture(of, name) {
      for (const { width, scheme } of LOOKS[language]) {
        await of.setViewport({ width, height: 800, deviceScaleFactor: 1 });
        await of.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
        const sideways = await of.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (sideways > 0) throw new Error(`${name} is ${sideways} px wider than ${width} px`);
        // Beyond the viewport Chromium photographs pages that run from right to left in the wrong place.
        await of.screenshot({ path: path.join(FOLDER, `${name}-${language}-${width}-${scheme}.png`), fullPage: true, captureBeyondViewport: false });
      }
    }

    test('set-up', async () => {
      await page.goto(watchbell.setUp);
      await see(page, '#setup-form');
      await picture(page, 'setup');
    });

    test('sign-in and what can go wrong there', async () => {
      await toSignIn(page, watchbell);
      await picture(page, 'login');
      await signIn(page, { ...jane, password: 'not the password' });
      await see(page, '#login-problem');
      await picture(page, 'login-wrong');
      await press(page, 'a[href^="/recover"]');
      await see(page, '#recover-form');
      await picture(page, 'recover');
      await fill(page, { username: jane.username });
      await press(page, '#recover-submit');
      await page.waitForFunction(() => !document.querySelector('#recover-form'));
      await picture(page, 'recover-sent');
    });

    test('registration', async () => {
      await toSignIn(page, watchbell);
      await press(page, 'a[href^="/register"]');
      await see(page, '#register-form');
      await picture(page, 'register');
      await fill(page, { username: jane.username, name: jane.name, password: 'password' });
      await press(page, '#register-submit');
      await see(page, '#password-error');
      await picture(page, 'register-weak-password');
      await fill(page, { password: jane.password });
      await press(page, '#register-submit');
      await see(page, '#confirm-code');
      await picture(page, 'check-mail');
      const link = (await watchbell.mailTo(jane.username)).link('/confirm');
      const stranger = await (await here.browser.createBrowserContext()).newPage();
      await stranger.setExtraHTTPHeaders({ 'accept-language': language });
      await stranger.goto(link);
      await see(stranger, '#code');
      await picture(stranger, 'confirm-address-elsewhere');
      await stranger.close();
      await page.goto(link);
      await see(page, '#confirm-submit');
      await picture(page, 'confirm-address');
      await press(page, '#confirm-submit');
    });

    test('consent, the offer and the demo app', async () => {
      await see(page, '#consent-allow');
      await picture(page, 'consent');
      await press(page, '#consent-allow');
      await see(page, '#offer-on');
      await picture(page, 'offer');
      await press(page, '#offer-on');
      await here.desktop.shown(/./);
      await picture(page, 'offer-on');
      await press(page, '#continue');
      await arrive(page);
      await picture(page, 'demo');
      await page.goto(watchbell.mail);
      await picture(page, 'mail-catcher');
    });

    for (const [name, address] of Object.entries({
      overview: '/account',
      profile: '/account/profile',
      'sign-in': '/account/signin',
      devices: '/account/devices',
      apps: '/account/apps',
      notifications: '/account/notifications',
      activity: '/account/activity',
    })) {
      test(`account: ${name}`, async () => {
        await page.goto(watchbell.url + address);
        await see(page, 'main h1');
        await picture(page, `account-${name}`);
      });
    }

    test('"was this you?" and securing the account', async () => {
      const stranger = await (await here.browser.createBrowserContext()).newPage();
      await toSignIn(stranger, watchbell);
      await signIn(stranger, jane);
      await arrive(stranger);
      await stranger.close();
      await page.goto(`${watchbell.url}/account`);
      await picture(page, 'account-overview-question');
      await press(page, 'a[href*="/was-this-you/"]');
      await see(page, '#answer-no');
      await picture(page, 'was-this-you');
      await press(page, '#answer-no');
      if (await see(page, '#secure', '#new-password-heading') === '#secure') {
        await picture(page, 'was-this-you-no');
        await press(page, '#secure');
      }
      await see(page, '#new-password-heading');
      await picture(page, 'secure-password');
      const fields = await page.$$eval('input[type=password]', (inputs) => inputs.map((input) => input.id));
      await fill(page, Object.fromEntries(fields.map((id) => [id, id.includes('current') ? jane.password : 'umbrella quartz 77 violin'])));
      await press(page, 'form:has(input[type=password]) button[type=submit]');
      await see(page, '#review');
      await picture(page, 'secure-devices');
    });

    test('errors', async () => {
      await page.goto(`${watchbell.url}/no-such-page`);
      await picture(page, 'error-not-found');
      await page.goto(`${watchbell.url}/oauth/authorize?client_id=nobody&redirect_uri=https%3A%2F%2Fapp.example%2F`);
      await picture(page, 'error-developer');
      await page.goto(`${watchbell.url}/reset?token=gone`);
      await picture(page, 'error-link-gone');
    });

    test('signing out', async () => {
      await page.goto(`${watchbell.url}/logout`);
      await see(page, '#logout-confirm');
      await picture(page, 'logout');
      await press(page, '#logout-confirm');
      await page.waitForFunction(() => !document.querySelector('#logout-confirm'));
      await picture(page, 'signed-out');
    });
  });
}
