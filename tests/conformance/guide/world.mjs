// What the tests of snippets share: the program, somebody with an account, and an agent's document at an https address.

import https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeCertificates } from '../../e2e/rig/certificates.mjs';
import { Watchbell } from '../../e2e/rig/watchbell.mjs';
import { Person } from '../person.mjs';
import { Page } from './page.mjs';
import { Program, folder, freePort } from './program.mjs';

const API = 'http://localhost:3001/mcp';

/** One page of the guide at work. */
class Setting {
  constructor(world, page, where) {
    Object.assign(this, { world, page, folder: where, person: world.person, issuer: world.issuer });
  }

  /** Runs the page's command that begins so, and answers what it printed. */
  command(beginning, otherwise) {
    return this.world.watchbell.command(...this.page.command(beginning, otherwise));
  }

  /** Adds the client as the page has it: the variables that its snippets read. */
  async client(otherwise) {
    const added = await this.command('client add', otherwise);
    return { ISSUER: this.issuer, CLIENT_ID: added.client_id, CLIENT_SECRET: added.client_secret ?? '' };
  }

  /** Starts one of the page's files. */
  async start(file, environment) {
    await this.page.place(this.folder, file);
    return new Program(this.folder, file, environment);
  }
}

export class World {
  #folders = [];
  #publisher;

  async start() {
    const agents = new Page('agents.md');
    this.document = agents.blocks.find(({ language, body }) => language === 'json' && body.includes('"client_id"')).body;
    const { host } = new URL(JSON.parse(this.document).client_id);
    const certificates = await makeCertificates(await this.#folder(await mkdtemp(join(tmpdir(), 'watchbell-agent-'))), [host]);
    this.#publisher = https.createServer(certificates, (_, response) => response.setHeader('content-type', 'application/json').end(this.document));
    await new Promise((resolve) => { this.#publisher.listen(0, '127.0.0.1', resolve); });
    this.api = API.replace('3001', await freePort());
    this.watchbell = await Watchbell.start({
      ...agents.settings({ [API]: this.api }),
      WATCHBELL_OUTBOUND__CONNECT_TO: `${host}:443=127.0.0.1:${this.#publisher.address().port}`,
      WATCHBELL_OUTBOUND__EXTRA_CA_FILE: certificates.caFile,
    });
    this.issuer = this.watchbell.url.replace(/\/$/, '');
    this.person = await Person.register(this.watchbell);
  }

  async #folder(made) {
    this.#folders.push(made);
    return made;
  }

  /** A page, with a folder for its files. */
  async page(name) {
    return new Setting(this, new Page(name), await this.#folder(await folder()));
  }

  async stop() {
    await Program.stopAll();
    this.#publisher?.closeAllConnections();
    this.#publisher?.close();
    await this.watchbell?.stop();
    for (const one of this.#folders) await rm(one, { recursive: true, force: true });
  }
}
