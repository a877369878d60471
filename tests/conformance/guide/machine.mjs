import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import * as jose from 'jose';


const API = 'https://api.acme.example/';

export const machine = (world) => describe('the machines of the guide', () => {
  let here;
  before(async () => { here = await world.page('machine.md'); });

  /** What an API does with a token. */
  async function verified(token, clientId) {
    const keys = jose.createRemoteJWKSet(new URL('/oauth/jwks', here.issuer));
    const { payload } = await jose.jwtVerify(token, keys, { issuer: here.issuer, audience: API, typ: 'at+jwt' });
    assert.equal(payload.sub, clientId);
    return payload;
  }

  test('a machine with a secret gets a token for its API', async () => {
    const client = await here.client();
    const told = JSON.parse(await (await here.start('token.sh', client)).done());
    assert.equal(told.token_type.toLowerCase(), 'bearer');
    assert.equal(told.refresh_token, undefined);
    assert.equal((await verified(told.access_token, client.CLIENT_ID)).scope, 'orders:read');
    await assert.rejects((await here.start('token.sh', { ...client, CLIENT_SECRET: 'wrong' })).done(), /invalid_client/);
  });

  test('a machine with a key of its own, too', async () => {
    await (await here.start('keys.mjs')).done();
    const add = 'client add --name "Nightly import"';
    const client = await here.command(add, { 'jwks.json': `${here.folder}/jwks.json` });
    assert.equal(client.client_secret, undefined);
    const token = await (await here.start('import.mjs', { ISSUER: here.issuer, CLIENT_ID: client.client_id })).done();
    assert.equal((await verified(token.trim(), client.client_id)).scope, 'orders:write');
  });
});
