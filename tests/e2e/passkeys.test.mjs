// Passkeys and security keys in a real Chromium, with virtual authenticators behind it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { App } from './rig/app.mjs';
import { Authenticators, KEY_WITH_PIN, PHONE, SECURITY_KEY, U2F_KEY } from './rig/authenticators.mjs';
import { fill, press, read, see } from './rig/hands.mjs';
import { JANE, register, signIn, startWatchbell } from './rig/people.mjs';
import { until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

// Whether its owner is asked first is told elsewhere.
const AT_ONCE = { WATCHBELL_CHANGES__REMOVE_KEY: 'notify' };

const TWO_FACTORS = ['urn:watchbell:acr:2', 'urn:watchbell:acr:3'];

describe('passkeys in Chromium', () => {
  let world;
  let watchbell;
  let browser;
  let page;
  let authenticators;
  let phone;
  let removed;

  const at = (path) => until(`the page ${path}`, () => new URL(page.url()).pathname === path);
  const account = async () => {
    await page.goto(`${watchbell.url}/account/signin`);
    await see(page, '#passkeys-heading');
  };
  const signOut = async () => {
    await page.goto(`${watchbell.url}/account`);
    await press(page, '#sign-out');
    if (await see(page, '#logout-confirm', 'main') === '#logout-confirm') await press(page, '#logout-confirm');
    await at('/signed-out');
  };
  const toLogin = async () => {
    await page.goto(`${watchbell.url}/login`);
    await see(page, '#login-form');
  };
  const typed = () => page.$eval('#username', (input) => input.value);
  /** What the person does at a touch, and nothing before or after it. */
  const touching = async (authenticator, work) => {
    await authenticator.touches(true);
    await work();
    await authenticator.touches(false);
  };

  /** Past the offer of notices, to the account. */
  const arrived = async () => {
    if (await see(page, '#continue', '#recent') === '#continue') await press(page, '#continue');
    await see(page, '#recent');
  };
  /**
   * Presses the button and touches the authenticator. The autofill that waits would take the touch: the first press stops
   * it, and the second asks whoever is touching by then.
   */
  const byButton = async (authenticator, button = '#login-passkey') => {
    await press(page, button);
    await see(page, `${button}[aria-busy]`);
    await authenticator.touches(true);
    await press(page, button);
    await arrived();
    await authenticator.touches(false);
  };

  before(async () => {
    world = await World.make();
    watchbell = await startWatchbell(world, AT_ONCE);
    browser = await world.browser('chromium', [watchbell.url]);
    page = await browser.page();
    authenticators = await Authenticators.of(page);
    phone = await authenticators.plugIn(PHONE);
    await register(page, watchbell);
    await see(page, '#consent-allow');
  });
  after(() => world?.stop());

  test('a cancelled prompt adds nothing, says so, and can be tried again', async () => {
    await account();
    await phone.knowsItsOwner(false);
    await touching(phone, async () => {
      await press(page, '#passkeys-add');
      await read(page, /Nothing was added\. You can try again/);
    });
    assert.equal((await phone.credentials()).length, 0);
    await phone.knowsItsOwner(true);
  });

  test('a passkey is added on the account page: discoverable, for this account', async () => {
    await touching(phone, async () => {
      await press(page, '#passkeys-add');
      await read(page, /Added\. You can sign in with it/);
    });
    const [made, ...more] = await phone.credentials();
    assert.equal(more.length, 0);
    assert.equal(made.rpId, 'localhost');
    assert.equal(made.isResidentCredential, true);
    assert.equal(made.userName, JANE.username);
    assert.equal(made.userDisplayName, JANE.name);
    await read(page, /not used yet/);
    await watchbell.mailTo(JANE.username, /passkey was added/);
  });

  test('it signs in by the button, without a name', async () => {
    await signOut();
    await toLogin();
    await byButton(phone);
    await account();
    await read(page, /last used .* in Chrom/);
  });

  test('it signs in by autofill, without a press', async () => {
    await signOut();
    await touching(phone, async () => {
      await page.goto(`${watchbell.url}/login`);
      await arrived();
    });
  });

  test('the same authenticator is not added twice', async () => {
    await account();
    await touching(phone, async () => {
      await press(page, '#passkeys-add');
      await read(page, /There is one for your account there already/);
    });
  });

  test('a second one stands beside it, and both can be told apart by names that one gives them', async () => {
    const key = await authenticators.plugIn(KEY_WITH_PIN);
    await touching(key, async () => {
      await press(page, '#passkeys-add');
      await read(page, /Added\. You can sign in with it/);
    });
    assert.equal((await page.$$('#passkeys .list > li')).length, 2);
    await press(page, '#passkeys .list > li:nth-child(2) details:first-of-type summary');
    await page.$eval('#passkeys .list > li:nth-child(2) input[name=name]', (input) => { input.value = ''; });
    await page.type('#passkeys .list > li:nth-child(2) input[name=name]', 'The key on my ring');
    await press(page, '#passkeys .list > li:nth-child(2) form[action$="/rename"] button');
    await read(page, /Renamed\.[\s\S]*The key on my ring/);
    await signOut();
    await toLogin();
    await byButton(key);
    await account();
    await press(page, '#passkeys .list > li:nth-child(2) details:last-of-type summary');
    await press(page, '#passkeys .list > li:nth-child(2) form[action$="/remove"] button');
    await read(page, /Removed\./);
    assert.equal((await page.$$('#passkeys .list > li')).length, 1);
    assert.equal((await phone.credentials()).length, 1, 'the other one stays');
    await until('the key to have forgotten it', async () => (await key.credentials()).length === 0);
    await key.remove();
  });

  test('what is removed on the page disappears from the password manager', async () => {
    await signOut();
    await toLogin();
    await byButton(phone);
    await account();
    [removed] = await phone.credentials();
    await press(page, '#passkeys .list > li details:last-of-type summary');
    await read(page, /This is your last passkey/);
    await press(page, '#passkeys .list > li form[action$="/remove"] button');
    await read(page, /Removed\./);
    await until('the phone to have forgotten it', async () => (await phone.credentials()).length === 0);
  });

  /** A page of another host has no such name to share; this is what the server says there. */
  const certain = () => {
    const fetched = window.fetch;
    window.fetch = async (...asked) => {
      const answer = await fetched(...asked);
      if (answer.status !== 422) return answer;
      return new Response(JSON.stringify({ ...await answer.json(), forget: true }), { status: 422 });
    };
  };

  test('a passkey that was removed opens nothing and says so; nothing typed is lost', async () => {
    await signOut();
    await phone.keep(removed);
    authenticators.deleted.length = 0;
    await toLogin();
    await fill(page, { username: 'somebody@example.com' });
    await phone.touches(true);
    await press(page, '#login-passkey');
    await read(page, /does not open an account here; perhaps it was removed/);
    await phone.touches(false);
    assert.equal(await typed(), 'somebody@example.com');
    assert.deepEqual(authenticators.deleted, [], 'whoever else is at localhost may know it');
  });

  test('the password manager is told to forget it, where the server is certain', async () => {
    const { identifier } = await page.evaluateOnNewDocument(certain);
    await toLogin();
    await phone.touches(true);
    await press(page, '#login-passkey');
    await until('the phone to have forgotten it', async () => (await phone.credentials()).length === 0);
    await phone.touches(false);
    assert.deepEqual(authenticators.deleted, [removed.credentialId]);
    await page.removeScriptToEvaluateOnNewDocument(identifier);
  });

  test('a prompt in vain says so, and the password goes on from there', async () => {
    await toLogin();
    await fill(page, { username: JANE.username });
    await phone.touches(true);
    await press(page, '#login-passkey');
    await read(page, /Nothing was used\. Try again, or sign in another way/);
    await phone.touches(false);
    assert.equal(await typed(), JANE.username);
    await page.type('#password', JANE.password);
    await press(page, '#login-submit');
    await arrived();
  });

  test('a tab whose sign-in was finished in another one moves on by itself', async () => {
    await signOut();
    await toLogin();
    const other = await browser.page();
    await other.goto(page.url());
    await signIn(other, JANE);
    await see(other, '#continue', '#recent');
    await other.close();
    await page.bringToFront();
    await press(page, '#login-passkey');
    await arrived();
  });

  test('a tab whose sign-in is gone says so, and begins again', async () => {
    await signOut();
    await toLogin();
    await browser.browser.deleteCookie(...await browser.browser.cookies());
    await press(page, '#login-passkey');
    await read(page, /this sign-in began in another browser/);
    await press(page, 'main a.btn');
    await see(page, '#login-form');
  });

  test('a browser without passkeys has no button for them, and says so where one would be added', async () => {
    const { identifier } = await page.evaluateOnNewDocument(() => { delete window.PublicKeyCredential; });
    await toLogin();
    assert.equal(await page.$eval('[data-passkey]', (box) => box.checkVisibility()), false);
    await signIn(page, JANE);
    await arrived();
    await account();
    await read(page, /can.t make passkeys here/);
    assert.equal(await page.$eval('#passkeys-add', (button) => button.checkVisibility()), false);
    await page.removeScriptToEvaluateOnNewDocument(identifier);
  });
});

describe('what keys prove, in Chromium', () => {
  let world;
  let watchbell;
  let vault;
  let page;
  let authenticators;

  const account = async () => {
    await page.goto(`${watchbell.url}/account/signin`);
    await see(page, '#passkeys-heading');
  };
  /** The browser is new again: no session, no known device. */
  const forgetMe = async () => page.browser().deleteCookie(...await page.browser().cookies());
  /** Goes on to the app, past the offer of notices. */
  const onwards = async () => {
    if (await see(page, '#app', '#continue') === '#continue') await press(page, '#continue');
    await see(page, '#app');
  };
  /** Presses the button for a key, touched as soon as it is asked. */
  const touched = async (key, button) => {
    await key.touches(true);
    await press(page, button);
    await onwards();
    await key.touches(false);
  };

  before(async () => {
    world = await World.make();
    watchbell = await startWatchbell(world, AT_ONCE);
    vault = await App.add(world, watchbell, '--require', 'second-factor');
    page = await (await world.browser('chromium', [watchbell.url])).page();
    authenticators = await Authenticators.of(page);
    await register(page, watchbell);
    await see(page, '#consent-allow');
  });
  after(() => world?.stop());

  for (const [name, options] of [['a security key', SECURITY_KEY], ['a key from before FIDO2', U2F_KEY]]) {
    test(`${name} is asked for after the password, and is the second factor`, async () => {
      const key = await authenticators.plugIn(options);
      await account();
      await key.touches(true);
      await press(page, '#security-keys-add');
      await read(page, /Added\./);
      await key.touches(false);
      await forgetMe();
      const claims = await vault.signIn(page);
      await signIn(page, JANE);
      await see(page, '#second-key');
      await touched(key, '#second-key');
      const { acr, amr } = await claims();
      assert.ok(TWO_FACTORS.includes(acr), acr);
      assert.ok(amr.includes('pwd') && amr.includes('mfa'), JSON.stringify(amr));
      await account();
      await press(page, '#security-keys .list > li details:last-of-type summary');
      await press(page, '#security-keys .list > li form[action$="/remove"] button');
      await read(page, /Removed\./);
      await key.remove();
    });
  }

  test('a passkey is two factors: an app that asks for two asks for nothing else', async () => {
    const phone = await authenticators.plugIn(PHONE);
    await account();
    await phone.touches(true);
    await press(page, '#passkeys-add');
    await read(page, /Added\./);
    await phone.touches(false);
    await forgetMe();
    await phone.touches(true);
    const claims = await vault.signIn(page);
    await onwards();
    const { acr, amr } = await claims();
    assert.ok(TWO_FACTORS.includes(acr), acr);
    assert.ok(amr.includes('mfa') && !amr.includes('pwd'), JSON.stringify(amr));
    await phone.touches(false);
  });

  test('after a password, the passkey is the further step that such an app takes', async () => {
    await forgetMe();
    const claims = await vault.signIn(page);
    const [phone] = authenticators.all;
    await signIn(page, JANE);
    await see(page, '#second-key');
    await phone.knowsItsOwner(false);
    await phone.touches(true);
    await press(page, '#second-key');
    await read(page, /Nothing was used/);
    await phone.knowsItsOwner(true);
    await press(page, '#second-key');
    await onwards();
    await phone.touches(false);
    assert.ok((await claims()).amr.includes('pwd'));
  });

  test('at the second step, too, a browser without keys says what to do', async () => {
    await forgetMe();
    const { identifier } = await page.evaluateOnNewDocument(() => { delete window.PublicKeyCredential; });
    await vault.signIn(page);
    await signIn(page, JANE);
    await read(page, /This browser can.t use passkeys here\. Sign in another way/);
    await page.removeScriptToEvaluateOnNewDocument(identifier);
  });
});
