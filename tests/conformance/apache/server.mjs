// Apache with mod_auth_openidc, as a program of its own: its configuration, its pages and its log are in a temporary folder.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ended, until } from '../../e2e/rig/waiting.mjs';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'mime', 'dir', 'filter', 'include', 'auth_openidc'];
const CALLBACK = '/members/callback';

/** Who is signed in, as the module tells the pages behind it. */
const PAGE = `<!doctype html><title>Members</title>
<p>Hello, <!--#echo var="OIDC_CLAIM_name" --> (<!--#echo var="REMOTE_USER" -->).</p>
`;

export class Apache {
  #child;

  /** One that will listen at this port of this machine. */
  constructor(port) {
    this.origin = `http://127.0.0.1:${port}`;
    this.callback = this.origin + CALLBACK;
    this.members = `${this.origin}/members/`;
    this.goodbye = `${this.origin}/`;
    this.backchannel = `${this.callback}?logout=backchannel`;
    this.port = port;
  }

  /** The address that signs out, here and at the provider. */
  get logout() {
    return `${this.callback}?logout=${encodeURIComponent(this.goodbye)}`;
  }

  #configuration({ issuer, clientId, secret, more }) {
    // As root, Apache gives its rights away and wants to be told to whom.
    const user = process.getuid() === 0 ? ['User nobody', 'Group nogroup'] : [];
    return [
      `ServerRoot "${this.folder}"`, `PidFile "${this.folder}/pid"`, `ErrorLog "${this.folder}/log"`, `DefaultRuntimeDir "${this.folder}"`,
      'LogLevel warn auth_openidc:debug', 'ServerName 127.0.0.1', `Listen 127.0.0.1:${this.port}`, ...user,
      ...LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
      `DocumentRoot "${this.folder}/pages"`, 'DirectoryIndex index.shtml', 'TypesConfig /dev/null', 'AddType text/html .shtml', 'AddOutputFilter INCLUDES .shtml',
      `<Directory "${this.folder}/pages">`, 'Options +Includes', 'Require all granted', '</Directory>',
      `OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration`,
      `OIDCClientID ${clientId}`, `OIDCClientSecret ${secret}`, `OIDCRedirectURI ${this.callback}`,
      `OIDCCryptoPassphrase ${randomBytes(24).toString('hex')}`, 'OIDCScope "openid email profile"', 'OIDCPKCEMethod S256', 'OIDCRemoteUserClaim email',
      ...more,
      '<Location /members/>', 'AuthType openid-connect', 'Require valid-user', '</Location>', '',
    ].join('\n');
  }

  /** Starts it as a client of that provider; `more` are further lines of its configuration. */
  async start({ issuer, clientId, secret, more = [] }) {
    this.folder = await mkdtemp(join(tmpdir(), 'watchbell-apache-'));
    await chmod(this.folder, 0o755);
    await mkdir(join(this.folder, 'pages/members'), { recursive: true });
    await writeFile(join(this.folder, 'pages/index.shtml'), '<!doctype html><title>Home</title><p>Everybody may read this.</p>');
    await writeFile(join(this.folder, 'pages/members/index.shtml'), PAGE);
    await writeFile(join(this.folder, 'httpd.conf'), this.#configuration({ issuer, clientId, secret, more }));
    this.#child = spawn('apache2', ['-f', join(this.folder, 'httpd.conf'), '-DFOREGROUND'], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, stdio: ['ignore', 'inherit', 'inherit'],
    });
    let code;
    this.#child.once('exit', (how) => { code = how ?? 'a signal'; });
    await until('Apache', () => {
      if (code !== undefined) throw new Error(`Apache ended with ${code}`);
      return fetch(this.goodbye).then((answer) => answer.ok, () => false);
    }).catch(async (error) => { throw new Error(`${error.message}\n${await this.log()}`); });
  }

  log() {
    return readFile(join(this.folder, 'log'), 'utf8').catch(() => '');
  }

  async stop() {
    await ended(this.#child);
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
