// Nothing changes behind one's back: a change that is asked for in one browser waits for a yes in another. Real browsers,
// once with each as the one that is rung.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fill, opened, press, read, see } from './rig/hands.mjs';
import { fitsNarrow } from './rig/narrow.mjs';
import { JANE, arrive, register, signIn, startWatchbell, toSignIn } from './rig/people.mjs';
import { pause, until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

const NEW = 'jane@new.example';
const CONFIRM = /Confirm: change mail address/;
const CONFIRM_MAIL = /^Confirm at /;
const sixDigits = (mail) => /^\s*(\d{6})\s*$/m.exec(mail.text)[1];

for (const [known, asker] of [['firefox', 'chromium'], ['chromium', 'firefox']]) {
  describe(`${asker} asks for a change, ${known} is rung`, () => {
    let world;
    let watchbell;
    let here;
    let page;
    let other;
    const numberOf = (of) => of.$eval('#change-number', (element) => element.innerText.trim());
    const ask = async (email) => {
      await other.goto(`${watchbell.url}/account/email`);
      await fill(other, { 'new-email': email });
      await press(other, '#email-submit');
      await see(other, '#change-number');
    };

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser(known, [watchbell.url]);
      page = await here.page();
      other = await (await world.browser(asker, [watchbell.url])).page();
    });
    after(() => world?.stop());

    test('two browsers are the owner\'s: one with notices on, one that it has said yes to', async () => {
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await press(page, '#offer-on');
      await here.desktop.shown(/Notices are on/);
      await toSignIn(other, watchbell);
      await signIn(other, JANE);
      await arrive(other);
      here.desktop.click(await here.desktop.shown(/New sign-in to/), 'Yes, it was me');
      await read(await opened(here, '/account/was-this-you/'), /yours|known/i);
    });

    test('"No" on the notice is enough, and the page that waits hears of it by itself', async () => {
      await ask(NEW);
      const notice = await here.desktop.shown(CONFIRM);
      assert.match(notice.body, /j…@new\.example/);
      assert.match(notice.body, asker === 'firefox' ? /Firefox/ : /Chrom/);
      assert.ok(notice.stays, 'it waits on the screen for an answer');
      const labels = Object.values(notice.actions).filter((label) => /Review|No/.test(label));
      assert.deepEqual(labels, ['Review', 'No, deny it']);
      await fitsNarrow(other, 'the page that waits');
      here.desktop.click(notice, 'No, deny it');
      await read(other, /Denied/);
      await other.goto(`${watchbell.url}/account/profile`);
      assert.equal(await other.$eval('#email', (input) => input.value), JANE.username);
    });

    test('the browser tells that a notice was shown and clicked, which spares the mail and confirms nothing', async () => {
      const receipts = async () => {
        const { browsers } = await page.evaluate(async () => (await fetch('/account/api/push/subscriptions')).json());
        return browsers.find((one) => one.here);
      };
      await page.goto(`${watchbell.url}/account/notifications`);
      const earlier = (await receipts()).last_shown_at;
      await pause(1100);
      await ask('jane@newer.example');
      const asked = Date.now();
      const notice = await here.desktop.shown(CONFIRM);
      await until('it was shown', async () => (await receipts()).last_shown_at !== earlier);
      here.desktop.click(notice);
      await opened(here, await other.evaluate(() => location.pathname));
      await until('it was clicked', async () => (await receipts()).last_clicked_at !== null);
      await page.goto(`${watchbell.url}/account/notifications`);
      await read(page, /last shown today .* last clicked today/);
      await pause(33_000 - (Date.now() - asked));
      const mails = await watchbell.mailsTo(JANE.username);
      assert.ok(!mails.some((mail) => CONFIRM_MAIL.test(mail.subject)), 'no mail besides');
      await see(other, '#change-number');
      await press(other, '#change-cancel');
      await read(other, /Cancelled/);
    });

    test('a click on the notice leads to what is asked for; the number says yes, and the asking page moves on', async () => {
      const asked = Date.now();
      await ask(NEW);
      const number = await numberOf(other);
      const notice = await here.desktop.shown(CONFIRM);
      const rung = Date.now();
      here.desktop.click(notice);
      const review = await opened(here, await other.evaluate(() => location.pathname));
      await read(review, /jane@new\.example/);
      await fitsNarrow(review, 'the page behind the notice');
      await fill(review, { number: number === '10' ? '11' : '10' });
      await press(review, '#change-approve');
      await read(review, /That is not the number/);
      await fill(review, { number });
      const answered = Date.now();
      await press(review, '#change-approve');
      await read(other, /Confirmed\./);
      const moved = Date.now();
      console.log(`# asked to rung ${rung - asked} ms, answered to seen ${moved - answered} ms`);
      const mail = await watchbell.mailTo(NEW, /Your code/);
      await fill(other, { new_code: sixDigits(mail) });
      await read(other, /Confirmed and changed/);
      console.log(`# asked to applied ${Date.now() - asked} ms, with all that was typed in between`);
      await until('the address is the new one', async () => (await other.$eval('#email', (input) => input.value)) === NEW);
    });

    test('what was asked is taken back from the screen: "Already handled"', async () => {
      await here.desktop.shown(/Already handled/);
      assert.ok(!here.desktop.notifications.some((one) => one.shown && CONFIRM.test(one.summary)), 'no question is left');
    });

    test('the old address has a link that undoes it, and locks the account down', async () => {
      const link = (await watchbell.mailTo(JANE.username, /was changed/)).link('/account/confirm');
      await other.goto(link);
      await press(other, '#change-undo');
      await read(other, /Taken back/);
      await here.desktop.shown(/Your account is locked down/);
      await page.goto(`${watchbell.url}/account`);
      await see(page, '#login-form');
    });

    test('the mail of the lockdown and a sign-in bring the owner back', async () => {
      const link = (await watchbell.mailTo(JANE.username, /is locked down/)).link('/account/lockdown');
      await page.goto(link);
      await press(page, '#lockdown-sign-in');
      await signIn(page, JANE);
      await see(page, '#lockdown-lift');
      await fitsNarrow(page, 'the page that lifts a lockdown');
      await press(page, '#lockdown-lift');
      await read(page, /The lockdown is lifted/);
    });
  });
}

for (const name of ['firefox', 'chromium']) {
  describe(`${name} asks for a change, and there is no browser to ring`, () => {
    let world;
    let watchbell;
    let page;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      page = await (await world.browser(name, [watchbell.url])).page();
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await page.goto(`${watchbell.url}/account/email`);
      await fill(page, { 'new-email': NEW });
      await press(page, '#email-submit');
      await see(page, '#code');
    });
    after(() => world?.stop());

    test('the page says that nothing rings, and that a mail is on its way', async () => {
      await read(page, /We sent you a mail: none of your other browsers has notices on/);
      await fitsNarrow(page, 'the page that waits for a code');
    });

    test('the link of the mail is not spent by whoever fetches it first, and says no without a sign-in', async () => {
      const link = (await watchbell.mailTo(JANE.username, CONFIRM_MAIL)).link('/account/confirm');
      for (let scanner = 0; scanner < 3; scanner += 1) assert.equal((await fetch(link)).status, 200);
      const anywhere = await (await world.browser(name)).page();
      await anywhere.goto(link);
      await see(anywhere, '#change-deny');
      assert.equal(await anywhere.$('#change-approve'), null, 'a yes needs a sign-in');
    });

    test('the code of the mail, typed where the change was asked for, confirms it; the new address proves itself', async () => {
      await fill(page, { code: sixDigits(await watchbell.mailTo(JANE.username, CONFIRM_MAIL)) });
      await read(page, /Confirmed\./);
      await fill(page, { new_code: sixDigits(await watchbell.mailTo(NEW, /Your code/)) });
      await until('the address is the new one', () => page.$eval('#email', (input) => input.value === 'jane@new.example').catch(() => false));
    });
  });
}
