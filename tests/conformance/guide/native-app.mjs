import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';


// The person's browser is driven from here; the system has none to open. (webbrowser reads this variable; the colon ends an empty list.)
const NO_BROWSER = { BROWSER: '/bin/true' };

export const nativeApp = (world) => describe('the native app of the guide', () => {
  let here;
  before(async () => { here = await world.page('native-app.md'); });

  test('somebody signs in by their browser, and the app hears it at a free port', async () => {
    const app = await here.start('desk.py', { ...await here.client(), ...NO_BROWSER });
    const [, address] = await app.says(/does not open: (\S+)/);
    const answer = await here.person.follow(address);
    assert.equal(answer.hostname, '127.0.0.1');
    assert.notEqual(answer.port, '');
    assert.match(await (await fetch(answer)).text(), /close this window/);
    assert.match(await app.done(), /Hello, Jane Doe \(\S{8,}\)/);
  });

  test('an answer with another state is not taken', async () => {
    const app = await here.start('desk.py', { ...await here.client(), ...NO_BROWSER });
    const [, address] = await app.says(/does not open: (\S+)/);
    const answer = await here.person.follow(address);
    answer.searchParams.set('state', 'forged');
    await fetch(answer);
    await assert.rejects(app.done(), /state/i);
  });
});
