// The snippets of the guide, run as they stand there against the running program.

import { after, before, describe } from 'node:test';

import { agents } from './guide/agents.mjs';
import { device } from './guide/device.mjs';
import { machine } from './guide/machine.mjs';
import { nativeApp } from './guide/native-app.mjs';
import { webApp } from './guide/web-app.mjs';
import { World } from './guide/world.mjs';

describe('the guide', { timeout: 240_000 }, () => {
  const world = new World();
  before(() => world.start());
  after(() => world.stop());

  webApp(world);
  nativeApp(world);
  machine(world);
  device(world);
  agents(world);
});
