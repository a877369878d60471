// Where the browsers are.

import fs from 'node:fs';
import path from 'node:path';

/** The program that the variable names, else the first of this name on PATH. */
export function program(variable, name) {
  if (process.env[variable]) return process.env[variable];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    if (fs.existsSync(file)) return file;
  }
  throw new Error(`${name} is not installed: run \`cargo xtask packages\`, or set ${variable}`);
}
