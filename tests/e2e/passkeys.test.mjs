// Passkeys in a real browser, with a virtual authenticator behind it (DevTools protocol, domain WebAuthn).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { press, read, see } from './rig/hands.mjs';
import { JANE, register, signIn, startWatchbell } from './rig/people.mjs';
import { until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

/** A phone's password manager: verifies its user, copies its keys. */
const PHONE = {
  protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true, defaultBackupEligibility: true, defaultBackupState: true,
};

describe('passkeys in Chromium', () => {
  let world;
  let watchbell;
  let page;
  let keys;
  let phone;
  const send = (method, parameters) => keys.send(`WebAuthn.${method}`, { authenticatorId: phone, ...parameters });
  const credentials = async () => (await send('getCredentials')).credentials;
  /** Whether the person touches the authenticator as soon as it is asked. */
  const touches = (enabled) => send('setAutomaticPresenceSimulation', { enabled });
  const account = () => page.goto(`${watchbell.url}/account/signin`);
  const signOut = async () => {
    await account();
    await press(page, '#sign-out');
    await see(page, '#logout-confirm, main');
    if (await page.$('#logout-confirm')) await press(page, '#logout-confirm');
  };
  const said = async (pattern) => assert.match((await read(page, pattern))[0], pattern);

  before(async () => {
    world = await World.make();
    watchbell = await startWatchbell(world);
    page = await (await world.browser('chromium', [watchbell.url])).page();
    keys = await page.createCDPSession();
    await keys.send('WebAuthn.enable', { enableUI: false });
    ({ authenticatorId: phone } = await keys.send('WebAuthn.addVirtualAuthenticator', { options: PHONE }));
    await register(page, watchbell);
  });
  after(() => world?.stop());

  test('a cancelled prompt adds nothing and says so', async () => {
    await account();
    await send('setUserVerified', { isUserVerified: false });
    await press(page, '#passkeys-add');
    await said(/Nothing was added/);
    assert.equal((await credentials()).length, 0);
    await send('setUserVerified', { isUserVerified: true });
  });

  test('a passkey is added from the account page, for this account and no other', async () => {
    await press(page, '#passkeys-add');
    await said(/Added\. You can sign in with it/);
    const [made, ...more] = await credentials();
    assert.equal(more.length, 0);
    assert.equal(made.rpId, 'localhost');
    assert.ok(made.isResidentCredential);
    assert.equal(made.userName, JANE.username);
  });

  test('it signs in by the button, without a name', async () => {
    await touches(false);
    await signOut();
    await page.goto(`${watchbell.url}/login`);
    await press(page, '#login-passkey');
    await touches(true);
    await until('the account', () => new URL(page.url()).pathname === '/account');
  });

  test('it signs in by autofill', async () => {
    await touches(false);
    await signOut();
    await page.goto(`${watchbell.url}/login`);
    await see(page, '#login-form');
    await touches(true);
    await until('the account', () => new URL(page.url()).pathname === '/account');
  });

  test('the same authenticator is not added twice', async () => {
    await account();
    await press(page, '#passkeys-add');
    await said(/There is one for your account there already/);
  });

  test('what is removed on the page disappears from the password manager', async () => {
    await account();
    const before = await credentials();
    await press(page, '#passkeys details:last-of-type summary');
    await press(page, '#passkeys form[action$="/keys/remove"] button');
    await said(/Removed\./);
    await until('the passkey to be gone', async () => (await credentials()).length === 0);
    await send('addCredential', { credential: before[0] });
  });

  test('a passkey that opens nothing is told, and so is that there is none', async () => {
    await touches(false);
    await signOut();
    await page.goto(`${watchbell.url}/login`);
    await touches(true);
    await said(/does not open an account here/);
    await send('clearCredentials');
    await page.goto(`${watchbell.url}/login`);
    await press(page, '#login-passkey');
    await said(/Nothing was used/);
    await signIn(page, JANE);
    await until('the account', () => new URL(page.url()).pathname === '/account');
  });

  test('a browser without passkeys has no button for them, and says so where one would be added', async () => {
    await page.evaluateOnNewDocument(() => { delete window.PublicKeyCredential; });
    await account();
    await said(/can.t make passkeys here/);
    await page.goto(`${watchbell.url}/logout`);
    await press(page, '#logout-confirm');
    await page.goto(`${watchbell.url}/login`);
    await see(page, '#login-form');
    assert.equal(await page.$eval('[data-passkey]', (box) => box.checkVisibility()), false);
  });
});
