import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { Visitor } from '../visitor.mjs';
import { freePort } from './program.mjs';

export const webApp = (world) => describe('the web app of the guide', () => {
  let here;
  let app;
  let browser;

  before(async () => {
    here = await world.page('web-app.md');
    const home = `http://localhost:${await freePort()}/`;
    const client = await here.client({ 'http://localhost:3000/': home });
    app = await here.start('app.mjs', { ...client, APP_URL: home });
    await app.says(/ready/);
    browser = new Visitor(home);
  });

  const press = (page, by = browser) => by.send(page, page.forms[0]);

  test('somebody signs in, and out of both', async () => {
    const nobody = await browser.open('/');
    assert.match(nobody.text, /Nobody is signed in/);
    const { left } = await press(nobody);
    const page = await browser.open(await here.person.follow(left));
    assert.match(page.text, /Hello, Jane Doe \(jane@example.com\)/);
    const out = await press(page);
    assert.match((await browser.open(await here.person.follow(out.left))).text, /Nobody is signed in/);
    const again = await press(await browser.open('/'));
    assert.match((await here.person.visitor.open(again.left)).url, /\/login/, 'the session at Watchbell is over too');
  });

  test('an answer that this browser did not ask for signs nobody in', async () => {
    const { left } = await press(await browser.open('/'));
    const answer = await here.person.follow(left);
    const victim = new Visitor(answer.origin);
    assert.match((await victim.open(answer)).text, /Nobody is signed in/);
    await press(await victim.open('/'), victim);
    assert.equal((await victim.open(answer)).status, 502);
    // What it wrote down comes by a pipe, a little later.
    await app.says(/state/);
  });
});
