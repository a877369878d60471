// npm's oauth4webapi against the running program: each message by itself, as the standards have it, nothing hidden by a framework.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import * as jose from 'jose';
import * as oauth from 'oauth4webapi';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { Person } from './person.mjs';

const CALLBACK = 'https://app.example/callback';
const API = 'https://api.example/';
const SCOPE = 'openid profile email offline_access';
const http = { [oauth.allowInsecureRequests]: true };

let watchbell;
let issuer;
let server;
let person;
let folder;

/** A client with this registration, and how it proves itself. */
async function app(auth, ...more) {
  const options = more.includes('--redirect-uri') || more.includes('--grant-type') ? more : [...more, '--redirect-uri', CALLBACK];
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  if (auth === 'private-key-jwt') {
    const file = join(folder, `${crypto.randomUUID()}.json`);
    await writeFile(file, JSON.stringify({ keys: [{ ...await jose.exportJWK(keys.publicKey), kid: 'one', use: 'sig' }] }));
    options.push('--jwks', file);
  }
  const added = await watchbell.command('client', 'add', '--name', `App ${auth}`, '--auth', auth, ...options);
  const key = { key: keys.privateKey, kid: 'one' };
  const proof = { basic: oauth.ClientSecretBasic, post: oauth.ClientSecretPost, 'client-secret-jwt': oauth.ClientSecretJwt, 'private-key-jwt': () => oauth.PrivateKeyJwt(key), none: oauth.None }[auth];
  return new App({ client_id: added.client_id, id_token_signed_response_alg: 'ES256' }, proof(added.client_secret), key);
}

/** Sends again what was refused for want of the server's nonce. */
async function ask(send, read) {
  try {
    return await read(await send());
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return read(await send());
  }
}

/** The OAuth error that a call is refused with. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) return error.cause[0].parameters.error;
    return error.error ?? error.code;
  }
  return 'it was not refused';
}

class App {
  constructor(client, proof, key) {
    Object.assign(this, { client, proof, key, more: { ...http } });
  }

  /** Binds its tokens to a key from now on. */
  async bind() {
    this.more.DPoP = oauth.DPoP(this.client, await oauth.generateKeyPair('ES256'));
  }

  async parameters(more = {}) {
    this.verifier = oauth.generateRandomCodeVerifier();
    this.state = oauth.generateRandomState();
    this.nonce = oauth.generateRandomNonce();
    return new URLSearchParams({
      client_id: this.client.client_id, response_type: 'code', redirect_uri: CALLBACK, scope: SCOPE, state: this.state, nonce: this.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier), code_challenge_method: 'S256', ...more,
    });
  }

  /** Sends a person with these parameters: where they come back to. */
  visit(parameters) {
    return person.follow(`${server.authorization_endpoint}?${parameters}`);
  }

  /** The same, pushed before (RFC 9126). */
  async push(parameters) {
    const pushed = await ask(() => oauth.pushedAuthorizationRequest(server, this.client, this.proof, parameters, this.more),
      (response) => oauth.processPushedAuthorizationResponse(server, this.client, response));
    return this.visit(new URLSearchParams({ client_id: this.client.client_id, request_uri: pushed.request_uri }));
  }

  /** Redeems the code of an answer; the ID token's signature is verified, too. */
  async redeem(answer) {
    const tokens = await ask(() => oauth.authorizationCodeGrantRequest(server, this.client, this.proof, answer, CALLBACK, this.verifier, this.more), async (response) => {
      const read = await oauth.processAuthorizationCodeResponse(server, this.client, response, { expectedNonce: this.nonce, requireIdToken: true });
      await oauth.validateApplicationLevelSignature(server, response, http);
      return read;
    });
    return { ...tokens, sub: oauth.getValidatedIdTokenClaims(tokens).sub };
  }

  async signIn(more) {
    return this.redeem(oauth.validateAuthResponse(server, this.client, await this.visit(await this.parameters(more)), this.state));
  }

  refresh(token) {
    return ask(() => oauth.refreshTokenGrantRequest(server, this.client, this.proof, token, this.more), (response) => oauth.processRefreshTokenResponse(server, this.client, response));
  }

  person(token, sub) {
    return ask(() => oauth.userInfoRequest(server, this.client, token, this.more), (response) => oauth.processUserInfoResponse(server, this.client, sub, response));
  }

  async asked(token) {
    return oauth.processIntrospectionResponse(server, this.client, await oauth.introspectionRequest(server, this.client, this.proof, token, http));
  }

  async revoke(token) {
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, this.client, this.proof, token, http));
  }
}

describe('oauth4webapi', { timeout: 120_000 }, () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchbell-oauth4webapi-'));
    watchbell = await Watchbell.start();
    issuer = new URL(watchbell.url);
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
    person = await Person.register(watchbell);
  });
  after(async () => {
    await watchbell?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const auth of ['basic', 'post', 'client-secret-jwt', 'private-key-jwt', 'none']) {
    test(`an app with authentication "${auth}" signs people in, and refreshes`, async () => {
      const shop = await app(auth);
      const tokens = await shop.signIn();
      assert.equal((await shop.person(tokens.access_token, tokens.sub)).email, person.known.username);
      const next = await shop.refresh(tokens.refresh_token);
      assert.notEqual(next.refresh_token, tokens.refresh_token);
      assert.ok((await shop.person(next.access_token, tokens.sub)).name);
    });
  }

  test('a request is pushed, and its tokens are bound to a key', async () => {
    const shop = await app('private-key-jwt', '--require-pushed', '--dpop');
    assert.equal((await shop.visit(await shop.parameters())).searchParams.get('error'), 'invalid_request', 'what was not pushed is refused');
    await shop.bind();
    const back = await shop.push(await shop.parameters());
    const tokens = await shop.redeem(oauth.validateAuthResponse(server, shop.client, back, shop.state));
    assert.equal(tokens.token_type, 'dpop');
    assert.equal((await shop.person(tokens.access_token, tokens.sub)).name, person.known.name);
    const stolen = oauth.userInfoRequest(server, shop.client, tokens.access_token, http).then((response) => oauth.processUserInfoResponse(server, shop.client, tokens.sub, response));
    assert.equal(await refusal(stolen), 'invalid_token');
    assert.equal((await shop.refresh(tokens.refresh_token)).token_type, 'dpop');
    await shop.bind();
    assert.equal(await refusal(shop.person(tokens.access_token, tokens.sub)), 'invalid_token', 'another key is no help');
  });

  test('the code of a pushed request is bound to the key of its proof', async () => {
    const shop = await app('basic');
    await shop.bind();
    const back = await shop.push(await shop.parameters());
    const answer = oauth.validateAuthResponse(server, shop.client, back, shop.state);
    await shop.bind();
    assert.match(await refusal(shop.redeem(answer)), /invalid_grant|invalid_dpop_proof/);
  });

  test('a request is signed, and so is the answer (JARM)', async () => {
    const shop = await app('private-key-jwt', '--require-signed');
    const signed = await oauth.issueRequestObject(server, shop.client, await shop.parameters({ response_mode: 'jwt' }), shop.key);
    const back = await shop.visit(new URLSearchParams({ client_id: shop.client.client_id, request: signed }));
    assert.deepEqual([...back.searchParams.keys()], ['response']);
    const client = { ...shop.client, authorization_signed_response_alg: 'ES256' };
    const answer = await oauth.validateJwtAuthResponse(server, client, back, shop.state, http);
    assert.equal((await shop.redeem(answer)).token_type, 'bearer');
  });

  test('tokens are asked about, and ended', async () => {
    const shop = await app('basic');
    const tokens = await shop.signIn();
    const alive = await shop.asked(tokens.access_token);
    assert.deepEqual([alive.active, alive.sub, alive.client_id], [true, tokens.sub, shop.client.client_id]);
    await shop.revoke(tokens.refresh_token);
    for (const token of [tokens.access_token, tokens.refresh_token]) assert.deepEqual({ ...await shop.asked(token) }, { active: false });
    assert.equal(await refusal(shop.refresh(tokens.refresh_token)), 'invalid_grant');
    assert.equal(await refusal(shop.person(tokens.access_token, tokens.sub)), 'invalid_token');
  });

  test('a machine gets a token that its API verifies', async () => {
    const machine = await app('basic', '--grant-type', 'client_credentials', '--scope', '', '--api-scope', 'orders:read', '--resource', API);
    const response = await oauth.clientCredentialsGrantRequest(server, machine.client, machine.proof, { scope: 'orders:read', resource: API }, http);
    const { access_token: token } = await oauth.processClientCredentialsResponse(server, machine.client, response);
    const call = (resource) => oauth.validateJwtAccessToken(server, new Request(API, { headers: { authorization: `Bearer ${token}` } }), resource, http);
    assert.deepEqual([(await call(API)).client_id, (await call(API)).scope], [machine.client.client_id, 'orders:read']);
    await assert.rejects(call('https://other.example/'), /"aud"/);
  });

  test('an API verifies a token and the proof of its key', async () => {
    const shop = await app('none', '--dpop', '--resource', API);
    await shop.bind();
    const { access_token: token } = await shop.signIn({ resource: API });
    let seen;
    const capture = { [oauth.customFetch]: async (url, options) => { seen = new Request(url, options); return new Response(); } };
    await oauth.protectedResourceRequest(token, 'GET', new URL(API), undefined, undefined, { DPoP: shop.more.DPoP, ...capture });
    assert.equal((await oauth.validateJwtAccessToken(server, seen, API, { requireDPoP: true, ...http })).client_id, shop.client.client_id);
  });

  test('a device without a browser is let in', async () => {
    const tv = await app('none', '--grant-type', 'urn:ietf:params:oauth:grant-type:device_code', '--grant-type', 'refresh_token');
    const asked = await oauth.processDeviceAuthorizationResponse(server, tv.client, await oauth.deviceAuthorizationRequest(server, tv.client, tv.proof, { scope: SCOPE }, http));
    const poll = async () => oauth.processDeviceCodeResponse(server, tv.client, await oauth.deviceCodeGrantRequest(server, tv.client, tv.proof, asked.device_code, http));
    assert.equal(await refusal(poll()), 'authorization_pending');
    await person.letIn(asked.verification_uri_complete);
    await new Promise((resolve) => { setTimeout(resolve, (asked.interval + 0.2) * 1000); });
    const tokens = await poll();
    const { sub } = oauth.getValidatedIdTokenClaims(tokens);
    assert.equal((await tv.person(tokens.access_token, sub)).email, person.known.username);
  });

  test('our own API says who guards it, and its refusal says where', async () => {
    const refused = await fetch(server.userinfo_endpoint);
    const [, described] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate'));
    assert.equal(described, new URL('/.well-known/oauth-protected-resource', issuer).href);
    const document = await (await fetch(described)).json();
    assert.deepEqual([document.resource, document.authorization_servers], [server.issuer, [server.issuer]]);
  });
});
