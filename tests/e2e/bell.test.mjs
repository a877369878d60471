// The bell rings: sign in to an app, be recognised, be rung in another browser. Real browsers, once with each as the
// one that is rung.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fill, opened, press, read, see } from './rig/hands.mjs';
import { JANE, NEW_PASSWORD, arrive, register, signIn, startWatchbell, toSignIn } from './rig/people.mjs';
import { pause, until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

const NEW_SIGN_IN = /New sign-in to/;

for (const [known, stranger] of [['firefox', 'chromium'], ['chromium', 'firefox']]) {
  describe(`${known} is rung, ${stranger} signs in`, () => {
    let world;
    let watchbell;
    let here;
    let there;
    let page;
    let other;
    const claim = (of, from, name) => of.$eval(`#${from} [data-claim="${name}"]`, (element) => element.innerText);
    const accountOf = async (of) => {
      await of.goto(`${watchbell.url}/account`);
      return see(of, '#login-form', '#recent');
    };
    const rings = () => here.desktop.notifications.filter((one) => NEW_SIGN_IN.test(one.summary)).length;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser(known, [watchbell.url]);
      there = await world.browser(stranger, [watchbell.url]);
      page = await here.page();
      other = await there.page();
    });
    after(() => world?.stop());

    test('a person registers on the way to the demo app, confirms the address, and lets the app know who they are', async () => {
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await see(page, '#offer-on');
    });

    test('"Turn on" subscribes the browser, and a test notice arrives at once', async () => {
      await press(page, '#offer-on');
      const notice = await here.desktop.shown(/Notices are on/);
      assert.match(Object.values(notice.actions).join(), /Settings/);
      const { status, headers } = await world.push.accepted(1);
      assert.equal(status, 201);
      assert.ok(headers.urgency && headers.ttl);
    });

    test('the app greets with name and mail, from the ID token and from userinfo', async () => {
      await arrive(page);
      for (const from of ['from-id-token', 'from-userinfo']) {
        assert.match(await claim(page, from, 'name'), /Jane Doe/, from);
        assert.match(await claim(page, from, 'email'), /jane@example\.com/, from);
      }
      assert.equal(rings(), 0, 'the first sign-in of an account rings nobody');
    });

    test('a sign-in in another browser rings the known one, and not the one that signs in', async () => {
      await toSignIn(other, watchbell);
      await signIn(other, JANE);
      await arrive(other);
      const notice = await here.desktop.shown(NEW_SIGN_IN);
      assert.match(notice.body, stranger === 'firefox' ? /Firefox/ : /Chrom/);
      assert.match(notice.body, /Linux/);
      const labels = Object.values(notice.actions).join();
      assert.match(labels, /Yes, it was me/);
      assert.match(labels, /No, secure account/);
      assert.equal(there.desktop.notifications.length, 0);
      await watchbell.mailTo(JANE.username, /sign-in/i);
    });

    test('"No" on the notice ends that session and its tokens at once', async () => {
      here.desktop.click(await here.desktop.shown(NEW_SIGN_IN), 'No, secure account');
      await until('the other browser is signed out', async () => (await accountOf(other)) === '#login-form');
      await other.goto(watchbell.demo);
      await press(other, '#refresh');
      await read(other, /Your access has ended/);
    });

    test('then it leads through a new password and a look at the devices', async () => {
      const secure = await opened(here, '/account/');
      if (await see(secure, '#secure', '#new-password-heading') === '#secure') await press(secure, '#secure');
      await see(secure, '#new-password-heading');
      const fields = await secure.$$eval('input[type=password]', (inputs) => inputs.map((input) => input.id));
      await fill(secure, Object.fromEntries(fields.map((id) => [id, id.includes('current') ? JANE.password : NEW_PASSWORD])));
      await press(secure, 'form:has(input[type=password]) button[type=submit]');
      await see(secure, '#review');
      await press(secure, '#secure-done');
      await see(secure, '#recent');
    });

    test('the old password opens nothing, the new one does, and rings again', async () => {
      const before = rings();
      await toSignIn(other, watchbell);
      await signIn(other, JANE);
      await see(other, '#login-problem');
      await signIn(other, { ...JANE, password: NEW_PASSWORD });
      await arrive(other);
      await until('the known browser is rung again', () => rings() > before);
    });

    test('a click on the notice opens the question, and "Yes" marks the device as known', async () => {
      here.desktop.click(await here.desktop.shown(NEW_SIGN_IN));
      const question = await opened(here, '/account/was-this-you/');
      await press(question, '#answer-yes');
      await see(question, '.note.ok');
      assert.equal(await accountOf(other), '#recent', 'its session goes on');
    });

    test('signing out of the app signs out of Watchbell', async () => {
      await other.goto(watchbell.demo);
      await press(other, '#sign-out');
      if (await see(other, '#logout-confirm', 'a[href="/sign-in"]') === '#logout-confirm') await press(other, '#logout-confirm');
      await see(other, 'a[href="/sign-in"]');
      assert.equal(await accountOf(other), '#login-form');
    });

    test('a known browser rings nobody', async () => {
      const before = rings();
      await toSignIn(other, watchbell);
      await signIn(other, { ...JANE, password: NEW_PASSWORD });
      await arrive(other);
      await pause(1500);
      assert.equal(rings(), before);
    });

    test('a test notice comes when it is asked for', async () => {
      await page.goto(`${watchbell.url}/account/notifications`);
      await press(page, '#push-test');
      await here.desktop.shown(/It works/);
    });

    test('after "Turn off" nothing rings any more, and a mail says so', async () => {
      await press(page, '#push-off');
      await see(page, '#push-on');
      await watchbell.mailTo(JANE.username, /notices are off/i);
      const before = rings();
      const third = await (await world.browser(stranger, [watchbell.url])).page();
      await toSignIn(third, watchbell);
      await signIn(third, { ...JANE, password: NEW_PASSWORD });
      await arrive(third);
      await watchbell.mailTo(JANE.username, /sign-in/i);
      await pause(1000);
      assert.equal(rings(), before);
    });
  });
}
