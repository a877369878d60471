// Ways to sign in that have several pages, in real browsers: a code by mail, and a second factor set up on the way in.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fill, press, read, see, text, typeCode } from './rig/hands.mjs';
import { fitsNarrow } from './rig/narrow.mjs';
import { JANE, arrive, register, signIn, startWatchbell, toSignIn } from './rig/people.mjs';
import { codeOf } from './rig/totp.mjs';
import { until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

for (const kind of ['firefox', 'chromium']) {
  /** A page of somebody else, who shares no cookies with anybody. */
  const stranger = async (here) => (await here.browser.createBrowserContext()).newPage();

  describe(`a code by mail, in ${kind}`, () => {
    let world;
    let watchbell;
    let here;
    let page;
    let code;

    /** The code of the newest mail that has another one than the last. */
    const newest = () => until('a code', async () => {
      const mails = await watchbell.mailsTo(JANE.username);
      const found = mails.map((mail) => /^\s*(\d{3})\s?(\d{3})\s*$/m.exec(mail.text)).find(Boolean);
      return found && found[1] + found[2] !== code && (code = found[1] + found[2]);
    });

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser(kind, [watchbell.url]);
      const owner = await stranger(here);
      await register(owner, watchbell);
      await arrive(owner);
      page = await stranger(here);
    });
    after(() => world?.stop());

    test('the address is typed once, and the page waits for the code', async () => {
      await toSignIn(page, watchbell);
      await fill(page, { username: JANE.username });
      await press(page, '#login-mail-code');
      await see(page, '#mail-code-form');
      await read(page, /jane@example\.com/);
      await fitsNarrow(page, `mail-code-${kind}`);
    });

    test('another browser can do nothing with it', async () => {
      await newest();
      const other = await stranger(here);
      await other.goto(page.url());
      await read(other, /another browser/i);
      assert.equal(await other.$('#code'), null);
    });

    test('a wrong one is told, and the next one takes its place', async () => {
      await typeCode(page, code === '123456' ? '123457' : '123456');
      await see(page, '#code-error');
      await read(page, /That isn.t the code/);
      await fitsNarrow(page, `mail-code-wrong-${kind}`);
      const first = code;
      await press(page, '#resend');
      await newest();
      await until('a page without the error', async () => /Code from the mail(?!.*That isn.t)/s.test(await text(page)));
      await typeCode(page, first);
      await see(page, '#code-error');
    });

    test('the right one, typed as the mail shows it, leads to the app by itself', async () => {
      await typeCode(page, `${code.slice(0, 3)} ${code.slice(3)}`);
      await arrive(page);
    });
  });

  describe(`a second factor on the way in, in ${kind}`, () => {
    let world;
    let watchbell;
    let here;
    let page;
    let key;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world, {
        WATCHBELL_SIGN_IN__REQUIRE: 'second_factor',
        WATCHBELL_SIGN_IN__ENROLMENT_GRACE_DAYS: '0',
      });
      here = await world.browser(kind, [watchbell.url]);
      page = await stranger(here);
    });
    after(() => world?.stop());

    test('whoever registers is told what is needed before the app, and why', async () => {
      await register(page, watchbell);
      await see(page, '#enrol-app');
      await fitsNarrow(page, `enrol-${kind}`);
      await press(page, 'summary');
      await see(page, '.reasons');
    });

    test('the app for codes is set up, its codes are shown, and the way leads on', async () => {
      await press(page, '#enrol-app');
      await see(page, '#totp-key');
      await fitsNarrow(page, `enrol-app-${kind}`);
      key = await page.$eval('#totp-key', (element) => element.innerText);
      await fill(page, { code: codeOf(key, 900) });
      await press(page, '#login-submit');
      await read(page, /your phone.s clock is not/);
      assert.equal(await page.$eval('#totp-key', (element) => element.innerText), key, 'nothing has to be scanned again');
      await fill(page, { code: codeOf(key) });
      await press(page, '#login-submit');
      await see(page, '#codes');
      assert.equal(await page.$$eval('#codes li', (codes) => codes.length), 8);
      await fitsNarrow(page, `enrol-codes-${kind}`);
      await press(page, '#codes-done');
      await arrive(page);
    });

    test('the next sign-in asks for it', async () => {
      const fresh = await stranger(here);
      await toSignIn(fresh, watchbell);
      await signIn(fresh, JANE);
      await read(fresh, /One more step/);
      // The code of this step has been used.
      await typeCode(fresh, codeOf(key, 30));
      await arrive(fresh);
    });
  });

  describe(`a second factor that has time, in ${kind}`, () => {
    let world;
    let watchbell;
    let page;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world, { WATCHBELL_SIGN_IN__REQUIRE: 'second_factor' });
      page = await (await world.browser(kind, [watchbell.url])).page();
    });
    after(() => world?.stop());

    test('it is told until when, and can be put off', async () => {
      await register(page, watchbell);
      await see(page, '#enrol-until');
      await fitsNarrow(page, `enrol-grace-${kind}`);
      await press(page, '#enrol-later');
      await arrive(page);
    });
  });
}
