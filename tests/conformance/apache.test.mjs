// Apache's mod_auth_openidc as an app: sign-in, a session of its own, and both ways in which it ends.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { until } from '../e2e/rig/waiting.mjs';
import { Apache } from './apache/server.mjs';
import { freePort } from './guide/program.mjs';
import { Person } from './person.mjs';
import { Visitor } from './visitor.mjs';

describe('mod_auth_openidc', { timeout: 120_000 }, () => {
  let watchbell;
  let apache;
  let person;

  before(async () => {
    apache = new Apache(await freePort());
    watchbell = await Watchbell.start({ WATCHBELL_OUTBOUND__PRIVATE_ORIGINS: apache.origin });
    const added = await watchbell.command('client', 'add', '--name', 'Members', '--redirect-uri', apache.callback,
      '--post-logout-redirect-uri', apache.goodbye, '--backchannel-logout-uri', apache.backchannel);
    person = await Person.register(watchbell);
    await apache.start({ issuer: watchbell.url.replace(/\/$/, ''), clientId: added.client_id, secret: added.client_secret });
  });
  after(async () => {
    await apache?.stop();
    await watchbell?.stop();
  });

  /** Where a page of Apache's leads, with its log when that is no place of ours. */
  async function page(browser, url) {
    const found = await browser.open(url);
    if (found.status >= 400) throw new Error(`${url} answered ${found.status}:\n${await apache.log()}`);
    return found;
  }

  /** A browser in which somebody signs in to Apache. */
  async function signIn(as = person) {
    const browser = new Visitor(apache.origin);
    const { left } = await page(browser, apache.members);
    assert.equal(left.origin, new URL(watchbell.url).origin);
    assert.equal(left.searchParams.get('code_challenge_method'), 'S256');
    return { browser, arrived: await page(browser, await as.follow(left)) };
  }

  test('a page for members alone leads to the sign-in and back, and the pages know who it is', async () => {
    const { browser, arrived } = await signIn();
    assert.match(arrived.text, /Hello, Jane Doe \(jane@example\.com\)/);
    assert.match((await page(browser, apache.members)).text, /Hello, Jane Doe/, 'it has a session of its own now');
    assert.match((await new Visitor(apache.origin).open('/')).text, /Everybody may read/);
  });

  test('signing out at the app signs out here, and leads back', async () => {
    const { browser } = await signIn();
    const { left } = await page(browser, apache.logout);
    assert.equal(left.pathname, '/oauth/logout');
    assert.equal((await person.follow(left)).href, apache.goodbye);
    assert.ok((await page(browser, apache.members)).left, 'Apache asks anew');
    assert.match((await person.visitor.open('/account')).url, /\/login/);
  });

  test('signing out here ends the session at the app, which nobody opened', async () => {
    const other = person.elsewhere();
    const { browser } = await signIn(other);
    const { browser: elsewhere } = await signIn(person);
    const account = await other.visitor.open('/account');
    const form = account.forms.find(({ action }) => action?.endsWith('/logout'));
    assert.ok(form, account.text);
    await other.visitor.send(account, form);
    await until('the end of the session', async () => (await browser.open(apache.members)).left);
    assert.match((await page(elsewhere, apache.members)).text, /Hello, Jane Doe/, 'and no other one');
  });
});
