// Everything a browser test stands on, made in a temporary folder and taken away in the end.

import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { makeCertificates } from './certificates.mjs';
import { startChromium } from './chromium.mjs';
import { startFirefox } from './firefox.mjs';
import { PushService } from './push-service.mjs';

/** A folder, a certificate authority, the push services, and the browsers that were started on them. */
export class World {
  #started = [];
  #browsers = 0;

  static async make() {
    const world = new World();
    world.folder = await fs.mkdtemp(path.join(os.tmpdir(), 'watchbell-e2e-'));
    world.certificates = await makeCertificates(world.folder);
    world.push = await PushService.start(world.certificates);
    return world;
  }

  /** Has this stopped with the world, last one first. */
  also(stop) {
    this.#started.push(stop);
  }

  /** A new folder of this name. */
  async fresh(name) {
    this.#browsers += 1;
    const folder = path.join(this.folder, `${name}-${this.#browsers}`);
    await fs.mkdir(folder);
    return folder;
  }

  /** A browser with a new profile: "firefox" or "chromium". Pages of `origins` may show notifications. */
  async browser(kind, origins = []) {
    const folder = await this.fresh(kind);
    const options = { certificates: this.certificates, origins };
    const browser = kind === 'firefox' ? await startFirefox(folder, this.push) : await startChromium(folder, this.push, options);
    this.also(() => browser.stop());
    return browser;
  }

  async stop() {
    for (const stop of this.#started.reverse()) await stop();
    await this.push.stop();
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
