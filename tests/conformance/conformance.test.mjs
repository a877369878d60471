// A certified client, npm's openid-client, against the running program: what it accepts, other clients accept.

import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import * as oidc from 'openid-client';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { Visitor } from './visitor.mjs';

const CALLBACK = 'http://localhost:9/callback';
const GOODBYE = 'http://localhost:9/goodbye';
const SCOPE = 'openid profile email offline_access';
const PERSON = { username: 'jane@example.com', name: 'Jane Doe', password: 'staple gun orchestra nine' };

const ES256 = { id_token_signed_response_alg: 'ES256' };
const INSECURE = { execute: [oidc.allowInsecureRequests] };

let watchbell;
let visitor;

/** Adds an app and answers openid-client's view of it. `auth` is basic, post or none. */
async function app(auth, ...more) {
  const added = await watchbell.command('client', 'add', '--name', `App ${auth}`, '--auth', auth, '--redirect-uri', CALLBACK,
    '--post-logout-redirect-uri', GOODBYE, ...more);
  const authentication = { basic: oidc.ClientSecretBasic, post: oidc.ClientSecretPost, none: oidc.None }[auth](added.client_secret);
  const algorithm = more[more.indexOf('--id-token-alg') + 1];
  const metadata = more.includes('--id-token-alg') ? { id_token_signed_response_alg: { es256: 'ES256', rs256: 'RS256', eddsa: 'EdDSA' }[algorithm] } : { id_token_signed_response_alg: 'ES256' };
  const config = await oidc.discovery(new URL(watchbell.url), added.client_id, metadata, authentication, { execute: [oidc.allowInsecureRequests] });
  oidc.enableNonRepudiationChecks(config); // the signature of the ID token too
  return config;
}

/** Adds an app that proves itself by a key of its own. */
async function withKey(algorithm) {
  const pair = await oidc.randomDPoPKeyPair(algorithm, { extractable: true });
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const file = join(await mkdtemp(join(tmpdir(), 'watchbell-keys-')), 'keys.json');
  await writeFile(file, JSON.stringify({ keys: [{ kty, crv, x, y, n, e, kid: 'one', use: 'sig' }] }));
  const added = await watchbell.command('client', 'add', '--name', `Key ${algorithm}`, '--auth', 'private-key-jwt', '--jwks', file, '--redirect-uri', CALLBACK);
  assert.equal(added.client_secret, undefined);
  return oidc.discovery(new URL(watchbell.url), added.client_id, ES256, oidc.PrivateKeyJwt({ key: pair.privateKey, kid: 'one' }), INSECURE);
}

/** The authorization request of an app, and what is needed to finish it. */
async function request(config, more = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

/** Does what a page asks for until the app has its answer. */
async function arrive(page) {
  for (let steps = 0; steps < 8; steps += 1) {
    if (page.left) return page.left;
    if (page.formOf('login-submit')) page = await visitor.press(page, 'login-submit', PERSON);
    else if (page.formOf('consent-allow')) page = await visitor.press(page, 'consent-allow');
    else if (page.formOf('continue')) page = await visitor.press(page, 'continue');
    else break;
  }
  throw new Error(`stuck at ${page.url} (${page.status}): ${page.text}`);
}

/** Signs in to an app: its tokens, as openid-client has checked them. */
async function signIn(config, more) {
  const { url, checks } = await request(config, more);
  return oidc.authorizationCodeGrant(config, await arrive(await visitor.open(url)), checks);
}

/** The OAuth error with which a call is refused. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    // openid-client tells a 401 by its WWW-Authenticate challenge, and keeps the answer as its cause.
    if (error instanceof oidc.WWWAuthenticateChallengeError) return (await error.response.json()).error;
    return error.error ?? error.code;
  }
  return 'it was not refused';
}

describe('openid-client', () => {
  let shop;

  before(async () => {
    watchbell = await Watchbell.start({ WATCHBELL_APP_REGISTRATION__MODE: 'token' });
    visitor = new Visitor(watchbell.url);
    shop = await app('basic');
  });
  after(() => watchbell?.stop());

  test('a person registers on the way to an app and arrives there', async () => {
    const { url, checks } = await request(shop);
    const login = await visitor.open(url);
    const form = await visitor.open(login.link('/register'));
    await visitor.press(form, 'register-submit', PERSON);
    const mail = await watchbell.mailTo(PERSON.username);
    const confirm = await visitor.open(mail.link('/confirm'));
    const tokens = await oidc.authorizationCodeGrant(shop, await arrive(await visitor.press(confirm, 'confirm-submit')), checks);
    assert.equal(tokens.claims().email, undefined, 'claims of scopes come from userinfo');
    const person = await oidc.fetchUserInfo(shop, tokens.access_token, tokens.claims().sub);
    assert.equal(person.name, PERSON.name);
    assert.equal(person.email, PERSON.username);
    assert.equal(person.email_verified, true);
  });

  test('discovery is the same by OpenID Connect and by RFC 8414', async () => {
    const byOauth = await oidc.discovery(new URL(watchbell.url), 'x', undefined, oidc.None(), { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] });
    const one = shop.serverMetadata();
    const other = byOauth.serverMetadata();
    for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'introspection_endpoint', 'revocation_endpoint', 'end_session_endpoint']) {
      assert.ok(one[name], name);
      assert.equal(other[name], one[name], name);
    }
    assert.equal(one.issuer, watchbell.url.replace(/\/$/, ''));
    assert.equal(one.authorization_response_iss_parameter_supported, true);
    assert.deepEqual(one.code_challenge_methods_supported, ['S256']);
  });

  test('an app registers itself with a token of the operator, once, and signs people in', async () => {
    const { token } = await watchbell.command('client', 'token', 'add', '--name', 'Builds');
    const register = () => oidc.dynamicClientRegistration(new URL(watchbell.url), {
      client_name: 'Built',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
      ...ES256,
    }, undefined, { initialAccessToken: token, ...INSECURE });
    const config = await register();
    oidc.enableNonRepudiationChecks(config);
    assert.equal(config.clientMetadata().client_name, 'Built');
    const tokens = await signIn(config);
    assert.ok((await oidc.refreshTokenGrant(config, tokens.refresh_token)).access_token);
    assert.equal(await refusal(register()), 'invalid_token');
    const [listed] = await watchbell.command('client', 'list', '--registered');
    assert.equal(listed.registered, 'initial_token');
  });

  for (const [auth, algorithm] of [['basic', 'rs256'], ['post', 'es256'], ['none', 'es256'], ['basic', 'eddsa']]) {
    test(`an app with authentication "${auth}" and ID tokens in ${algorithm} signs people in`, async () => {
      const config = await app(auth, '--id-token-alg', algorithm);
      const tokens = await signIn(config);
      assert.equal(tokens.token_type, 'bearer');
      assert.ok(tokens.expires_in > 0 && tokens.refresh_token && tokens.id_token);
      assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).email, PERSON.username);
    });
  }

  for (const algorithm of ['ES256', 'PS256', 'RS256', 'Ed25519']) {
    test(`an app with a key of its own (${algorithm}) signs people in, asks about its tokens and ends them`, async () => {
      const config = await withKey(algorithm);
      const tokens = await signIn(config);
      const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
      assert.equal((await oidc.tokenIntrospection(config, next.access_token)).active, true);
      await oidc.tokenRevocation(config, next.refresh_token);
      assert.equal((await oidc.tokenIntrospection(config, next.access_token)).active, false);
      const stranger = await oidc.randomDPoPKeyPair('ES256');
      const thief = await oidc.discovery(new URL(watchbell.url), config.clientMetadata().client_id, ES256, oidc.PrivateKeyJwt(stranger.privateKey), INSECURE);
      assert.equal(await refusal(oidc.clientCredentialsGrant(thief)), 'invalid_client');
    });
  }

  test('an app signs under its secret', async () => {
    const added = await watchbell.command('client', 'add', '--name', 'Signs', '--auth', 'client-secret-jwt', '--redirect-uri', CALLBACK);
    const config = await oidc.discovery(new URL(watchbell.url), added.client_id, ES256, oidc.ClientSecretJwt(added.client_secret), INSECURE);
    assert.ok((await signIn(config)).id_token);
    const guesses = await oidc.discovery(new URL(watchbell.url), added.client_id, ES256, oidc.ClientSecretJwt(`${added.client_secret}x`), INSECURE);
    assert.equal(await refusal(oidc.clientCredentialsGrant(guesses)), 'invalid_client');
  });

  for (const [auth, algorithm] of [['none', 'ES256'], ['basic', 'ES256'], ['none', 'Ed25519']]) {
    test(`tokens of an app with authentication "${auth}" are bound to its key (DPoP, ${algorithm})`, async () => {
      const config = await app(auth, '--dpop');
      const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(algorithm, { extractable: true }));
      const more = { dpop_jkt: await DPoP.calculateThumbprint() };
      const { url, checks } = await request(config, more);
      const back = await arrive(await visitor.open(url));
      // The first try has no nonce yet: the client reads it from the refusal, and tries again.
      const tokens = await oidc.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
      assert.equal(tokens.token_type, 'dpop');
      const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
      assert.equal(person.email, PERSON.username);
      await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
      const next = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
      assert.equal(next.token_type, 'dpop');
      assert.equal(await refusal(oidc.refreshTokenGrant(config, next.refresh_token)), 'invalid_dpop_proof');
    });
  }

  test('a device without a browser is let in by a person with one', async () => {
    const added = await watchbell.command('client', 'add', '--name', 'Acme TV', '--auth', 'none', '--grant-type', 'urn:ietf:params:oauth:grant-type:device_code', '--grant-type', 'refresh_token');
    const tv = await oidc.discovery(new URL(watchbell.url), added.client_id, ES256, oidc.None(), INSECURE);
    const asked = await oidc.initiateDeviceAuthorization(tv, { scope: SCOPE });
    assert.match(asked.user_code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    // The client waits on its own, as long as it is told to.
    const waiting = oidc.pollDeviceAuthorizationGrant(tv, asked);
    const page = await visitor.open(new URL(asked.verification_uri_complete));
    const consent = await visitor.press(page, 'device-submit');
    assert.match(consent.text, new RegExp(`Acme TV.*${asked.user_code}`));
    assert.match((await visitor.press(consent, 'consent-allow')).text, /Your device is signed in/);
    const tokens = await waiting;
    assert.equal((await oidc.fetchUserInfo(tv, tokens.access_token, tokens.claims().sub)).email, PERSON.username);
    assert.ok((await oidc.refreshTokenGrant(tv, tokens.refresh_token)).access_token);
    const again = await oidc.initiateDeviceAuthorization(tv, { scope: SCOPE });
    const no = await visitor.press(await visitor.open(new URL(again.verification_uri_complete)), 'device-submit');
    await visitor.press(no, 'consent-deny');
    assert.equal(await refusal(oidc.pollDeviceAuthorizationGrant(tv, again)), 'access_denied');
  });

  test('max_age and auth_time agree with the client', async () => {
    const { url, checks } = await request(shop, { max_age: '3600' });
    const tokens = await oidc.authorizationCodeGrant(shop, await arrive(await visitor.open(url)), { ...checks, maxAge: 3600 });
    assert.ok(tokens.claims().auth_time > Date.now() / 1000 - 3600);
  });

  test('a refresh gives new tokens, and the old refresh token ends the family', async () => {
    const first = await signIn(shop);
    const second = await oidc.refreshTokenGrant(shop, first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.notEqual(second.access_token, first.access_token);
    const third = await oidc.refreshTokenGrant(shop, second.refresh_token);
    assert.equal(await refusal(oidc.refreshTokenGrant(shop, first.refresh_token)), 'invalid_grant');
    assert.equal(await refusal(oidc.refreshTokenGrant(shop, third.refresh_token)), 'invalid_grant');
  });

  test('introspection tells a live token from a revoked one', async () => {
    const tokens = await signIn(shop);
    const alive = await oidc.tokenIntrospection(shop, tokens.access_token);
    assert.equal(alive.active, true);
    assert.equal(alive.client_id, shop.clientMetadata().client_id);
    assert.equal(alive.sub, tokens.claims().sub);
    assert.equal((await oidc.tokenIntrospection(shop, tokens.refresh_token)).active, true);
    await oidc.tokenRevocation(shop, tokens.refresh_token);
    for (const token of [tokens.refresh_token, tokens.access_token]) {
      assert.deepEqual(await oidc.tokenIntrospection(shop, token), { active: false });
    }
    assert.equal(await refusal(oidc.refreshTokenGrant(shop, tokens.refresh_token)), 'invalid_grant');
  });

  test('a revoked access token opens userinfo no more', async () => {
    const tokens = await signIn(shop);
    await oidc.tokenRevocation(shop, tokens.access_token);
    await assert.rejects(oidc.fetchUserInfo(shop, tokens.access_token, tokens.claims().sub), (error) => error.cause?.status === 401 || error.status === 401 || /401|invalid_token/.test(JSON.stringify(error.cause ?? error)));
  });

  test('a code is used once', async () => {
    const { url, checks } = await request(shop);
    const back = await arrive(await visitor.open(url));
    const tokens = await oidc.authorizationCodeGrant(shop, back, checks);
    assert.equal(await refusal(oidc.authorizationCodeGrant(shop, back, checks)), 'invalid_grant');
    assert.equal((await oidc.tokenIntrospection(shop, tokens.access_token)).active, false);
  });

  test('a request without PKCE is refused where the app can read it', async () => {
    const url = oidc.buildAuthorizationUrl(shop, { redirect_uri: CALLBACK, scope: 'openid', state: 'x' });
    const { left } = await visitor.open(url);
    assert.equal(left.searchParams.get('error'), 'invalid_request');
    assert.equal(left.searchParams.get('state'), 'x');
    assert.equal(left.searchParams.get('iss'), shop.serverMetadata().issuer);
  });

  test('a wrong secret is told as invalid_client, and burns nothing', async () => {
    const { refresh_token: token } = await signIn(shop);
    const { client_id: id } = shop.clientMetadata();
    const thief = await oidc.discovery(new URL(watchbell.url), id, 'wrong', oidc.ClientSecretBasic('wrong'), { execute: [oidc.allowInsecureRequests] });
    assert.equal(await refusal(oidc.refreshTokenGrant(thief, token)), 'invalid_client');
    assert.ok((await oidc.refreshTokenGrant(shop, token)).access_token);
  });

  test('after a restart with new signing keys the old ones still verify, and nobody signs in again', async () => {
    const keys = async () => (await (await fetch(shop.serverMetadata().jwks_uri)).json()).keys.map((key) => key.kid);
    const { refresh_token: token } = await signIn(shop);
    const known = await keys();
    await watchbell.command('keys', 'rotate');
    await watchbell.kill();
    await watchbell.startAgain();
    const now = await keys();
    assert.ok(known.every((kid) => now.includes(kid)), 'the old ones stay');
    assert.ok(now.length > known.length, 'the new ones are there before they sign');
    assert.ok((await oidc.refreshTokenGrant(shop, token)).id_token);
    const { url, checks } = await request(shop, { prompt: 'none' });
    await oidc.authorizationCodeGrant(shop, (await visitor.open(url)).left, checks);
  });

  test('prompt=none answers at once, and after signing out it says login_required', async () => {
    const { url, checks } = await request(shop, { prompt: 'none' });
    const tokens = await oidc.authorizationCodeGrant(shop, (await visitor.open(url)).left, checks);
    const end = oidc.buildEndSessionUrl(shop, { id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE, state: 'bye' });
    let page = await visitor.open(end);
    if (!page.left) page = await visitor.press(page, 'logout-confirm');
    assert.equal(page.left?.href, `${GOODBYE}?state=bye`);
    const again = await request(shop, { prompt: 'none' });
    const { left } = await visitor.open(again.url);
    assert.equal(await refusal(oidc.authorizationCodeGrant(shop, left, again.checks)), 'login_required');
  });
});
