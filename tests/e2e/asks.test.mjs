// An app asks a person who is elsewhere (CIBA): the bell rings in the person's browser, and what they say there is what the app
// hears. Real browsers, once with each as the one that is rung.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { fill, opened, press, read, see } from './rig/hands.mjs';
import { fitsNarrow } from './rig/narrow.mjs';
import { JANE, register, startWatchbell } from './rig/people.mjs';
import { pause, until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

const GRANT = 'urn:openid:params:grant-type:ciba';
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

/** The server of an app that asks, which has a secret and no redirect. */
class Bank {
  #watchbell;
  #basic;

  static async add(watchbell, name, ...options) {
    const bank = new Bank();
    const words = ['client', 'add', '--name', name, '--grant-type', GRANT, '--grant-type', 'refresh_token', ...options];
    const added = await watchbell.command(...words);
    bank.#watchbell = watchbell;
    bank.#basic = `Basic ${btoa(`${added.client_id}:${added.client_secret}`)}`;
    bank.id = added.client_id;
    bank.name = name;
    return bank;
  }

  async #post(path, form) {
    const headers = { authorization: this.#basic };
    const response = await fetch(this.#watchbell.url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
    return { status: response.status, ...(await response.json()) };
  }

  async ask(more = {}) {
    const asked = await this.#post('/oauth/bc-authorize', { scope: 'openid profile offline_access', login_hint: JANE.username, ...more });
    assert.equal(asked.status, 200, JSON.stringify(asked));
    return asked;
  }

  /** Comes back once. */
  poll({ auth_req_id }) {
    return this.#post('/oauth/token', { grant_type: GRANT, auth_req_id });
  }

  /** Comes back as often as it may until there is an answer. */
  answered(asked) {
    return until('an answer', async () => {
      const told = await this.poll(asked);
      if (told.error !== 'authorization_pending') return told;
      await pause(asked.interval * 1000);
      return null;
    }, 30_000);
  }

  refresh(refresh_token) {
    return this.#post('/oauth/token', { grant_type: 'refresh_token', refresh_token });
  }
}

for (const name of ['firefox', 'chromium']) {
  describe(`${name} is rung by an app that asks`, () => {
    let world;
    let watchbell;
    let browser;
    let page;
    let bank;
    const rung = (app) => browser.desktop.shown(new RegExp(`^${app.name} asks for your yes`));

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      browser = await world.browser(name, [watchbell.url]);
      page = await browser.page();
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await press(page, '#offer-on');
      await browser.desktop.shown(/Notices are on/);
      bank = await Bank.add(watchbell, 'Acme Bank');
    });
    after(() => world?.stop());

    test('the notice shows the message, its page shows what is asked for, and a yes gives the app its tokens', async () => {
      const asked = await bank.ask({ binding_message: 'W4-SCT' });
      assert.deepEqual([asked.expires_in, asked.interval, asked.user_number], [300, 5, undefined]);
      assert.equal((await bank.poll(asked)).error, 'authorization_pending');
      const notice = await rung(bank);
      assert.match(notice.body, /W4-SCT/);
      assert.ok(notice.stays, 'it waits on the screen for an answer');
      const labels = Object.values(notice.actions).filter((label) => /Review|No/.test(label));
      assert.deepEqual(labels, ['Review', 'No, deny it'], 'a yes takes the page');
      browser.desktop.click(notice);
      const review = await opened(browser, '/account/asks/');
      await see(review, '#ask-message');
      assert.equal(await review.$eval('#ask-message', (element) => element.innerText.trim()), 'W4-SCT');
      await read(review, /see your name/i);
      await fitsNarrow(review, 'what an app asks');
      await press(review, '#ask-allow');
      await read(review, /Allowed/);
      const tokens = await bank.answered(asked);
      assert.equal(tokens.status, 200, JSON.stringify(tokens));
      assert.equal(claims(tokens.id_token).aud, bank.id);
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      const person = await (await fetch(`${watchbell.url}/oauth/userinfo`, { headers })).json();
      assert.equal(person.name, JANE.name);
      assert.equal((await bank.refresh(tokens.refresh_token)).status, 200);
      await page.goto(`${watchbell.url}/account/apps`);
      await read(page, /Acme Bank/);
    });

    test('where the app shows a number, the notice does not, and it has to be typed', async () => {
      const till = await Bank.add(watchbell, 'Acme Till', '--ciba-shows-number', 'true');
      const asked = await till.ask();
      const number = asked.user_number;
      assert.match(number, /^\d\d$/);
      const notice = await rung(till);
      // Of the digits in it, those of our own address and of the time are not the app's.
      const said = notice.body.replace(/<a [^>]*>[^<]*<\/a>/g, '').replace(/\d\d:\d\d/g, '').replace(/localhost:\d+/g, '');
      assert.ok(!said.includes(number), `it is on the other screen alone: ${notice.body}`);
      browser.desktop.click(notice, 'Review');
      const review = await until('the page of this request', async () => {
        const open = await opened(browser, '/account/asks/');
        return (await open.title().catch(() => '')).includes('Acme Till') && open;
      });
      await fill(review, { number: number === '10' ? '11' : '10' });
      await press(review, '#ask-allow');
      await read(review, /That is not the number/);
      assert.equal((await till.poll(asked)).error, 'authorization_pending');
      await fill(review, { number });
      await press(review, '#ask-allow');
      await read(review, /Allowed/);
      assert.equal((await till.answered(asked)).status, 200);
    });

    test('"No" on the notice is enough, and the app hears of it', async () => {
      const asked = await bank.ask({ binding_message: 'XK-7' });
      const notice = await until('the notice of this request', async () => {
        const found = await rung(bank);
        return found.body.includes('XK-7') && found;
      });
      browser.desktop.click(notice, 'No, deny it');
      assert.equal((await bank.answered(asked)).error, 'access_denied');
      assert.equal((await bank.poll(asked)).error, 'access_denied', 'and it stays so');
      await page.goto(`${watchbell.url}/account/activity`);
      await read(page, /Denied: Acme Bank/);
    });

    test('without a notice the account says that something waits, and "No" there is as good', async () => {
      const asked = await bank.ask({ binding_message: 'Q9-2' });
      await page.goto(`${watchbell.url}/account`);
      await press(page, 'a[href^="/account/asks/"]');
      await read(page, /Q9-2/);
      await press(page, '#ask-deny');
      await read(page, /Denied/);
      assert.equal((await bank.answered(asked)).error, 'access_denied');
    });
  });
}
