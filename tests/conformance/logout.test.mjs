// An app whose server hears of logouts: openid-client signs in, jose reads what is posted to it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import * as jose from 'jose';
import * as oidc from 'openid-client';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { Visitor } from './visitor.mjs';

const CALLBACK = 'http://localhost:9/callback';
const GOODBYE = 'http://localhost:9/goodbye';
const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';
const PERSON = { username: 'jane@example.com', name: 'Jane Doe', password: 'staple gun orchestra nine' };

/** The app's server: keeps what is posted to it. */
async function receiver() {
  const calls = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    calls.push({ method: request.method, type: request.headers['content-type'], form: new URLSearchParams(body) });
    response.writeHead(200, { 'cache-control': 'no-store' }).end();
    waiting.splice(0).forEach((wake) => wake());
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const origin = `http://localhost:${server.address().port}`;
  const next = async (count) => {
    while (calls.length < count) await new Promise((wake) => waiting.push(wake));
    return calls[count - 1];
  };
  return { origin, next, stop: () => server.close() };
}

describe('back-channel logout', { timeout: 120_000 }, () => {
  let watchbell;
  let visitor;
  let app;
  let config;
  let clientId;

  before(async () => {
    app = await receiver();
    watchbell = await Watchbell.start({ WATCHBELL_PUSH__TRUSTED_ORIGINS: app.origin });
    visitor = new Visitor(watchbell.url);
    const added = await watchbell.command('client', 'add', '--name', 'Shop', '--redirect-uri', CALLBACK, '--first-party',
      '--post-logout-redirect-uri', GOODBYE, '--backchannel-logout-uri', `${app.origin}/signed-out`);
    clientId = added.client_id;
    config = await oidc.discovery(new URL(watchbell.url), clientId, { id_token_signed_response_alg: 'ES256' },
      oidc.ClientSecretBasic(added.client_secret), { execute: [oidc.allowInsecureRequests] });
  });
  after(() => {
    app?.stop();
    return watchbell?.stop();
  });

  async function request() {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid profile email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true } };
  }

  /** What a receiver does (OpenID Connect Back-Channel Logout 1.0 §2.6). */
  async function verify(call) {
    assert.equal(call.method, 'POST');
    assert.equal(call.type, 'application/x-www-form-urlencoded');
    assert.deepEqual([...call.form.keys()], ['logout_token']);
    const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
    const { payload } = await jose.jwtVerify(call.form.get('logout_token'), keys, {
      issuer: config.serverMetadata().issuer, audience: clientId, typ: 'logout+jwt', requiredClaims: ['jti', 'sid', 'sub', 'iat', 'exp'], maxTokenAge: '2m',
    });
    assert.deepEqual(payload.events, { [LOGOUT]: {} });
    assert.equal('nonce' in payload, false);
    return payload;
  }

  test('discovery says that it is there, and names the session', () => {
    assert.equal(config.serverMetadata().backchannel_logout_supported, true);
    assert.equal(config.serverMetadata().backchannel_logout_session_supported, true);
  });

  test('an app is told of a logout by a token that verifies, of the session that it knows', async () => {
    const { url, checks } = await request();
    const login = await visitor.open(url);
    await visitor.press(await visitor.open(login.link('/register')), 'register-submit', PERSON);
    const mail = await watchbell.mailTo(PERSON.username);
    let page = await visitor.press(await visitor.open(mail.link('/confirm')), 'confirm-submit');
    for (let steps = 0; !page.left && steps < 5; steps += 1) page = await visitor.press(page, 'continue');
    const tokens = await oidc.authorizationCodeGrant(config, page.left, checks);

    const end = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE, state: 'bye' });
    page = await visitor.open(end);
    if (!page.left) page = await visitor.press(page, 'logout-confirm');
    assert.equal(page.left?.href, `${GOODBYE}?state=bye`);
    const told = await verify(await app.next(1));
    assert.equal(told.sid, tokens.claims().sid);
    assert.equal(told.sub, tokens.claims().sub);
  });
});
