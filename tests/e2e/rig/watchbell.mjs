// The program under test: `watchbell dev` with a data folder of its own, on free ports.

import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ended, until } from './waiting.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the program is. */
export function binary() {
  if (!process.env.WATCHBELL_BIN) throw new Error('WATCHBELL_BIN does not say which program to test: run `cargo xtask test`');
  return path.resolve(ROOT, process.env.WATCHBELL_BIN);
}

/** The environment without the settings of whoever runs the tests. */
function environment(settings) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('WATCHBELL_'));
  return { ...Object.fromEntries(kept), ...settings };
}

/** Fetches a URL as text, on one connection that is closed behind it. */
function read(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(Buffer.concat(chunks).toString());
    }).on('error', reject);
  });
}

/** A running Watchbell. `url`, `setUp`, `demo` and `mail` are the addresses that it printed. */
export class Watchbell {
  log = '';
  #child;
  #settings;

  /** Starts it; `settings` are variables of the environment, like `{WATCHBELL_LOG__LEVEL: "debug"}`. */
  static async start(settings = {}) {
    const watchbell = new Watchbell();
    watchbell.#settings = settings;
    watchbell.data = await fs.mkdtemp(path.join(os.tmpdir(), 'watchbell-data-'));
    await watchbell.#launch(0);
    return watchbell;
  }

  async #launch(port) {
    const begun = performance.now();
    const child = spawn(binary(), ['dev', '--json', '--port', String(port), '--data', this.data], { env: environment(this.#settings), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.on('data', (bytes) => { this.log += bytes; });
    const gone = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`the program ended with ${code}:\n${this.log}`))));
    gone.catch(() => {});
    await Promise.race([gone, new Promise((resolve) => {
      readline.createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{')) this.#hear(JSON.parse(line));
        if (!line.startsWith('ready ')) return;
        this.url = line.slice('ready '.length).trim();
        this.startMilliseconds = performance.now() - begun;
        resolve();
      });
    })]);
  }

  #hear({ set_up: setUp, demo, mail }) {
    Object.assign(this, { setUp, demo, mail });
  }

  /** The number of its process. */
  get pid() {
    return this.#child.pid;
  }

  /** Ends it as a power cut would. */
  async kill() {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again on the same data and port. */
  startAgain() {
    return this.#launch(new URL(this.url).port);
  }

  /** Runs another command of the program on the same data and answers what it printed as JSON. */
  async command(...words) {
    const { stdout } = await run(binary(), [...words, '--json', '--data', this.data], { env: environment(this.#settings) });
    return JSON.parse(stdout);
  }

  /** Every mail to an address, newest first. */
  async mailsTo(address) {
    return JSON.parse(await read(`${this.mail.replace(/\/$/, '')}/api/mails?to=${encodeURIComponent(address)}`));
  }

  /** Waits for a mail to an address whose subject matches, with `link(word)` for the link that contains a word. */
  async mailTo(address, subject = /./) {
    const mail = await until(`a mail to ${address} about ${subject}`, async () => (await this.mailsTo(address)).find((one) => subject.test(one.subject)));
    const link = (word) => {
      const found = mail.links.find((one) => one.includes(word));
      if (!found) throw new Error(`no link with ${word} among ${JSON.stringify(mail.links)}`);
      return found;
    };
    return { ...mail, link };
  }

  async stop() {
    await ended(this.#child);
    await fs.rm(this.data, { recursive: true, force: true });
  }
}
