// PyPI's Authlib against the running program: a Flask app that people sign in to, and a machine.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import * as jose from 'jose';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { until } from '../e2e/rig/waiting.mjs';
import { Program, freePort } from './guide/program.mjs';
import { Person } from './person.mjs';
import { Visitor } from './visitor.mjs';

const HERE = fileURLToPath(new URL('authlib', import.meta.url));
const WAYS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'];
const OPTION = { client_secret_basic: 'basic', client_secret_post: 'post' };

describe('Authlib', { timeout: 120_000 }, () => {
  let watchbell;
  let issuer;
  let home;
  let person;
  let key;
  let folder;

  /** Adds a client that proves itself so: what Authlib is told of it. */
  async function add(auth, ...more) {
    const keys = auth === 'private_key_jwt' ? ['--jwks', join(folder, 'jwks.json')] : [];
    const added = await watchbell.command('client', 'add', '--name', auth, '--auth', OPTION[auth] ?? auth.replaceAll('_', '-'), ...keys, ...more);
    return { auth, client_id: added.client_id, secret: added.client_secret ?? (keys.length ? key : undefined) };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watchbell-authlib-'));
    const pair = await jose.generateKeyPair('RS256', { extractable: true });
    key = await jose.exportPKCS8(pair.privateKey);
    await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [{ ...await jose.exportJWK(pair.publicKey), use: 'sig', alg: 'RS256' }] }));
    watchbell = await Watchbell.start();
    issuer = watchbell.url.replace(/\/$/, '');
    const port = await freePort();
    home = `http://127.0.0.1:${port}`;
    const clients = await Promise.all(WAYS.map(async (auth) => [auth, await add(auth, '--redirect-uri', `${home}/callback/${auth}`)]));
    person = await Person.register(watchbell);
    new Program(HERE, 'app.py', { ISSUER: issuer, PORT: port, CLIENTS: JSON.stringify(Object.fromEntries(clients)) });
    await until('the app', () => fetch(home).then((answer) => answer.ok, () => false), 40_000);
  });
  after(async () => {
    await Program.stopAll();
    await watchbell?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Signs in to an app: what it answers. `answer` changes what the browser brings it. */
  async function signIn(name, answer = (url) => url) {
    const browser = new Visitor(home);
    const { left } = await browser.open(`/login/${name}`);
    return JSON.parse((await browser.open(answer(await person.follow(left)))).body);
  }

  for (const auth of WAYS) {
    test(`an app that proves itself by ${auth} signs people in and uses its tokens`, async () => {
      const told = await signIn(auth);
      assert.equal(told.id_token.iss, issuer, JSON.stringify(told));
      assert.equal(told.userinfo.email, person.known.username);
      assert.equal(told.userinfo.sub, told.id_token.sub);
      const asked = auth === 'none' ? {} : { active: true, active_after: false };
      assert.deepEqual(told.afterwards, { rotated: true, revoked: 200, ...asked });
    });
  }

  test('a code that is not ours is told as invalid_grant', async () => {
    const forged = (url) => { url.searchParams.set('code', 'wb_ac_forged'); return url; };
    assert.equal((await signIn('client_secret_basic', forged)).error, 'invalid_grant');
  });

  test('a machine gets tokens by its secret and by its key', async () => {
    for (const auth of ['client_secret_basic', 'private_key_jwt']) {
      const machine = await add(auth, '--grant-type', 'client_credentials', '--scope', '', '--api-scope', 'orders:read');
      const program = new Program(HERE, 'machine.py', { ISSUER: issuer, CLIENT_ID: machine.client_id, SECRET: machine.secret, AUTH: auth });
      const tokens = JSON.parse(await program.done());
      assert.equal(tokens.scope, 'orders:read');
    }
  });
});
