// The way back from having lost everything rings the browsers that the owner has, and can be stopped there. Real browsers,
// once with each as the owner's.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fill, opened, press, read, see } from './rig/hands.mjs';
import { JANE, NEW_PASSWORD, register, signIn, startWatchbell } from './rig/people.mjs';
import { codeOf } from './rig/totp.mjs';
import { until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

for (const [own, stranger] of [['firefox', 'chromium'], ['chromium', 'firefox']]) {
  describe(`${stranger} asks for the way back, ${own} is the owner's`, () => {
    let world;
    let watchbell;
    let here;
    let page;
    let other;
    let key;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser(own, [watchbell.url]);
      page = await here.page();
      other = await (await world.browser(stranger, [watchbell.url])).page();
    });
    after(() => world?.stop());

    test('the owner turns notices on', async () => {
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await press(page, '#offer-on');
      await here.desktop.shown(/Notices are on/);
    });

    test('the owner sets up an app for codes: a clock that is wrong is told as that', async () => {
      await page.goto(`${watchbell.url}/account/signin`);
      await press(page, '#totp-add');
      await see(page, '#totp-key');
      key = await page.$eval('#totp-key', (element) => element.innerText);
      await fill(page, { code: '12345' });
      await press(page, '#totp-submit');
      await read(page, /The code has six digits/);
      await fill(page, { code: codeOf(key, 900) });
      await press(page, '#totp-submit');
      await read(page, /The key is right, but your phone.s clock is not/);
      assert.equal(await page.$eval('#totp-key', (element) => element.innerText), key, 'nothing has to be scanned again');
      await fill(page, { code: codeOf(key) });
      await press(page, '#totp-submit');
      await see(page, '#codes-done, #totp-remove');
    });

    test('whoever begins the wait, the owner\'s browser rings, and says who it is', async () => {
      await other.goto(`${watchbell.url}/recovery`);
      await fill(other, { username: JANE.username });
      await press(other, '#recovery-submit');
      const link = (await watchbell.mailTo(JANE.username, /way back/)).link('/recovery/begin');
      await other.goto(link);
      await press(other, '#recovery-begin');
      await read(other, /under way/);
      const notice = await here.desktop.shown(/Someone started account recovery/);
      assert.match(notice.body, stranger === 'firefox' ? /Firefox/ : /Chrom/);
      assert.deepEqual(Object.values(notice.actions).filter((label) => /Stop it|It was me/.test(label)), ['Stop it', 'It was me']);
      assert.ok(notice.stays, 'it waits on the screen for an answer');
    });

    test('its button stops it, and the page behind it says so', async () => {
      here.desktop.click(await here.desktop.shown(/Someone started account recovery/), 'Stop it');
      const stands = await opened(here, '/account/recovery');
      await read(stands, /Account recovery is stopped/);
      await here.desktop.shown(/Account recovery stopped/);
      await watchbell.mailTo(JANE.username, /was stopped/);
      await other.reload();
      await read(other, /It can.t be finished any more/);
    });

    test('by an operator\'s link the owner comes back with a new password, and is offered a passkey', async () => {
      const { url } = await watchbell.command('user', 'recover', JANE.username);
      await here.desktop.shown(/An operator started account recovery/);
      await other.goto(url);
      await fill(other, { password: NEW_PASSWORD });
      await press(other, '#recovery-finish');
      await read(other, /Your account is yours again/);
      await page.goto(`${watchbell.url}/account`);
      await see(page, '#login-form');
      await press(other, '#sign-in');
      await signIn(other, { ...JANE, password: NEW_PASSWORD });
      if (await see(other, '#continue', '#overview-passkey') === '#continue') await press(other, '#continue');
      await read(other, /Add a passkey: it is kept by your phone or computer/);
      await press(other, '#overview-passkey');
      await see(other, '#passkeys-add', '[data-keys-status]');
      await read(other, /Set up an app/);
      await until('no code is asked for any more', async () => !(await other.$('#totp-remove')));
    });
  });
}
