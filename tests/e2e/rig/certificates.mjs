// A certificate authority that lives as long as a test run, and a certificate for the names our stand-ins answer to.

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The hosts of the browsers' vendors that the stand-ins play, and the local names. */
export const NAMES = [
  'localhost',
  'fcm.googleapis.com',
  'jmt17.google.com',
  'updates.push.services.mozilla.com',
];

/**
 * Makes the authority and one certificate for all these names and 127.0.0.1 in `folder`.
 *
 * Answers `{ca, cert, key, caFile}`: PEM texts, and where the authority's certificate lies.
 */
export async function makeCertificates(folder, hosts = NAMES) {
  const file = (name) => path.join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '2',
    '-subj', '/CN=Watchbell tests', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign']);
  await run('openssl', ['req', ...key, '-keyout', file('leaf.key'), '-out', file('leaf.csr'), '-subj', '/CN=localhost']);
  const names = [...hosts.map((name) => `DNS:${name}`), 'IP:127.0.0.1'].join(',');
  await fs.writeFile(file('leaf.ext'), [`subjectAltName=${names}`, 'basicConstraints=CA:FALSE', 'extendedKeyUsage=serverAuth', ''].join('\n'));
  await run('openssl', ['x509', '-req', '-in', file('leaf.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'),
    '-CAcreateserial', '-out', file('leaf.pem'), '-days', '2', '-extfile', file('leaf.ext')]);
  const [ca, cert, leafKey] = await Promise.all(['ca.pem', 'leaf.pem', 'leaf.key'].map((name) => fs.readFile(file(name), 'utf8')));
  return { ca, cert, key: leafKey, caFile: file('ca.pem') };
}

/** Makes a home folder's NSS database trust the authority: that is where Chromium on Linux looks. */
export async function trustIn(home, caFile) {
  const database = path.join(home, '.pki', 'nssdb');
  await fs.mkdir(database, { recursive: true });
  await run('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
  await run('certutil', ['-A', '-d', `sql:${database}`, '-t', 'C,,', '-n', 'watchbell-tests', '-i', caFile]);
}
