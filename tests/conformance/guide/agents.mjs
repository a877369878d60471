import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

export const agents = (world) => describe('the agent and the API of the guide', () => {
  let here;
  let api;
  let settings;

  before(async () => {
    here = await world.page('agents.md');
    settings = { ISSUER: here.issuer, API_URL: world.api };
    api = await here.start('server.mjs', settings);
    await api.says(/ready/);
  });

  /** Has the agent do its work, as far as a person lets it: what it prints. */
  async function work(more = {}) {
    const agent = await here.start('agent.mjs', { ...settings, ...more });
    const [, address] = await agent.says(/Open (\S+)/);
    await (await fetch(await here.person.follow(address))).text();
    return { address: new URL(address), said: await agent.done() };
  }

  test('an API that is asked without a token says where it is described', async () => {
    const refused = await fetch(world.api, { method: 'POST' });
    assert.equal(refused.status, 401);
    const [, described] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate'));
    assert.deepEqual((await (await fetch(described)).json()).authorization_servers, [here.issuer]);
    const guess = await fetch(world.api, { method: 'POST', headers: { authorization: 'DPoP guess', dpop: 'guess' } });
    assert.match(guess.headers.get('www-authenticate'), /invalid_token/);
  });

  test('an agent registers itself and reaches the API', async () => {
    const { address, said } = await work();
    assert.equal(address.searchParams.get('resource'), world.api);
    assert.match(said, /"result":\{"tools":\[\],"for":"\S+"\}/);
    assert.match((await here.person.visitor.open('/account/apps')).text, /Acme Agent/);
  });

  test('an agent that is a document reaches it, too', async () => {
    const CLIENT_ID = JSON.parse(world.document).client_id;
    const { address, said } = await work({ CLIENT_ID });
    assert.equal(address.searchParams.get('client_id'), CLIENT_ID);
    assert.match(said, /"result"/);
    assert.match(here.person.asked, /Acme Agent.*agent\.example/);
  });

  test('an agent that the operator wrote down reaches it under that id', async () => {
    const { client_id: known } = await here.command('client add', { 'http://localhost:3001/mcp': world.api });
    const { address, said } = await work({ CLIENT_ID: known });
    assert.equal(address.searchParams.get('client_id'), known);
    assert.match(said, /"result"/);
  });
});
