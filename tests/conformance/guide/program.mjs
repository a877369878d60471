// A snippet of the guide as a program that runs.

import { spawn } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ended, until } from '../../e2e/rig/waiting.mjs';

const PACKAGES = fileURLToPath(new URL('../node_modules', import.meta.url));
export const PYTHON = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));

/** A folder in which snippets find the packages that they import. */
export async function folder() {
  const made = await mkdtemp(join(tmpdir(), 'watchbell-guide-'));
  await symlink(PACKAGES, join(made, 'node_modules'));
  return made;
}

/** A port that nobody listens at. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

export class Program {
  static #running = new Set();
  out = '';
  #child;

  /** Starts a file in its folder: `app.mjs`, `app.py` or `app.sh`. */
  constructor(where, file, environment = {}) {
    const [name, words] = { mjs: [process.execPath, process.execArgv.filter((word) => word.startsWith('--experimental'))], py: [PYTHON, ['-u']], sh: ['sh', []] }[file.split('.').pop()];
    this.#child = spawn(name, [...words, file], { cwd: where, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    Program.#running.add(this);
    this.end = new Promise((resolve) => { this.#child.once('close', (code) => { Program.#running.delete(this); resolve(code); }); });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (bytes) => { this.out += bytes; });
  }

  /** Waits until it has printed what matches, and answers the match. */
  async says(pattern) {
    let code;
    this.end.then((ended) => { code = ended; });
    const found = await until(`${pattern} from a program`, async () => pattern.exec(this.out) ?? (code !== undefined && 'ended'), 40_000);
    if (found === 'ended') throw new Error(`it ended with ${code} and said:\n${this.out}`);
    return found;
  }

  /** Waits for its end, which has to be a good one, and answers what it printed. */
  async done() {
    const code = await this.end;
    if (code !== 0) throw new Error(`it ended with ${code} and said:\n${this.out}`);
    return this.out;
  }

  async stop() {
    await ended(this.#child);
  }

  /** Stops all that still run. */
  static stopAll() {
    return Promise.all([...Program.#running].map((one) => one.stop()));
  }
}
