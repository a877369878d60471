import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

export const device = (world) => describe('the device of the guide', () => {
  let here;
  before(async () => { here = await world.page('device-grant.md'); });

  test('a person with a browser lets it in', async () => {
    const tv = await here.start('tv.sh', await here.client());
    const [, address] = await tv.says(/or open (\S+)/);
    assert.match((await here.person.letIn(address)).text, /Your device is signed in/);
    assert.match(await tv.done(), /Hello, Jane Doe/);
  });
});
