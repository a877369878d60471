// What a page of the guide has people run: files, and commands.

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const GUIDE = new URL('../../../docs/guide/src/', import.meta.url);

/** The words of a command as a shell reads them: quotes hold together, a backslash goes on in the next line. */
function words(text) {
  const found = text.replaceAll('\\\n', ' ').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...found].map(([, double, single, plain]) => double ?? single ?? plain);
}

const replaced = (text, otherwise) => Object.entries(otherwise).reduce((so, [theirs, ours]) => so.replaceAll(theirs, ours), text);

export class Page {
  constructor(name) {
    this.name = name;
    const text = readFileSync(new URL(name, GUIDE), 'utf8');
    this.blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({ language, body }));
  }

  /** The block whose first comment is this name. */
  file(name) {
    const named = this.blocks.filter(({ body }) => body.split('\n', 2).some((line) => [`// ${name}`, `# ${name}`, `<!-- ${name} -->`].includes(line)));
    if (named.length !== 1) throw new Error(`${this.name} has ${named.length} blocks that say they are ${name}`);
    return named[0].body;
  }

  /** Puts those blocks into a folder as files. */
  async place(folder, ...names) {
    for (const name of names) await writeFile(join(folder, name), this.file(name));
  }

  /** What follows `watchbell` in the page's command that begins so. `otherwise` are texts that are others here. */
  command(beginning, otherwise = {}) {
    const block = this.blocks.find(({ language, body }) => language === 'sh' && body.startsWith(`watchbell ${beginning}`));
    if (!block) throw new Error(`${this.name} has no command "watchbell ${beginning}"`);
    const [first] = block.body.split(/(?<!\\)\n/);
    return words(first).slice(1).map((word) => replaced(word, otherwise));
  }

  /** The settings of the page's first block of configuration, as variables of the environment. `otherwise` as above. */
  settings(otherwise = {}) {
    const { body } = this.blocks.find(({ language }) => language === 'toml');
    const [, section] = /^\[(\w+)\]$/m.exec(body);
    const pairs = [...body.matchAll(/^(\w+) = ("[^"]*"|\[[^\]]*\]|\w+)/gm)].map(([, key, value]) => {
      const plain = value.startsWith('[') ? JSON.parse(value).join(',') : value.replaceAll('"', '');
      return [`WATCHBELL_${section}__${key}`.toUpperCase(), replaced(plain, otherwise)];
    });
    return Object.fromEntries(pairs);
  }
}
