// Another provider to sign in by: npm's oidc-provider on this machine, behind a door that can lie.
//
// The door passes everything on. Told to, it changes what an ID token claims and signs it anew, with the provider's own key
// or a stranger's: what is wrong with an answer is then exactly the one thing that the test names.

import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';

import { Provider as Oidc } from 'oidc-provider';

/** What Watchbell is called there, and its secret. */
export const CLIENT = { client_id: 'watchbell', client_secret: 'a-secret-of-no-worth-to-anybody' };

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const ecKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Signs claims as ES256 under a key id. */
function token(header, claims, key) {
  const input = `${b64(header)}.${b64(claims)}`;
  const signature = key ? sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url') : '';
  return `${input}.${signature}`;
}

/** A provider with people of its own. `people` are their claims by subject. */
export class Provider {
  /** What the next ID tokens claim instead: a value, or nothing where it is undefined. */
  lie = {};
  /** How they are signed: "own", "stranger" or "none". */
  signed = 'own';
  /** Paths that are answered with this status, as `{"/token": 503}`. */
  broken = {};
  /** The paths that were asked for. */
  asked = [];
  people = new Map();

  #key = ecKey();
  #stranger = ecKey();
  #door;
  #inside;

  /** Starts one; whom it sends people back to is told with `serves`. */
  static async start() {
    const provider = new Provider();
    provider.#door = http.createServer((request, response) => provider.#pass(request, response));
    await new Promise((resolve) => { provider.#door.listen(0, '127.0.0.1', resolve); });
    provider.issuer = `http://127.0.0.1:${provider.#door.address().port}`;
    return provider;
  }

  /** Knows Watchbell, and sends people back to these addresses. */
  async serves(...redirectUris) {
    const publicKey = createPublicKey(this.#key).export({ format: 'jwk' });
    const jwk = { ...this.#key.export({ format: 'jwk' }), ...publicKey, kid: 'one', alg: 'ES256', use: 'sig' };
    const oidc = new Oidc(this.issuer, {
      clients: [{ ...CLIENT, redirect_uris: redirectUris, grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256' }],
      jwks: { keys: [jwk] },
      cookies: { keys: ['of no worth to anybody'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      pkce: { required: () => true },
      findAccount: (_, sub) => this.people.has(sub) ? { accountId: sub, claims: () => ({ sub, ...this.people.get(sub) }) } : undefined,
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
    });
    this.#inside = http.createServer(oidc.callback());
    await new Promise((resolve) => { this.#inside.listen(0, '127.0.0.1', resolve); });
  }

  /** Tells the truth again. */
  isHonest() {
    Object.assign(this, { lie: {}, signed: 'own', broken: {} });
  }

  #pass(request, response) {
    const { pathname } = new URL(request.url, this.issuer);
    this.asked.push(pathname);
    if (this.broken[pathname]) {
      response.writeHead(this.broken[pathname]).end();
      return;
    }
    // Host stays as it came: what the provider writes of itself is the door's address.
    const { port } = this.#inside.address();
    const inner = http.request({ port, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers, agent: false }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      let body = Buffer.concat(chunks);
      if (pathname === '/token' && answer.statusCode === 200) body = Buffer.from(this.#retold(body));
      const { 'transfer-encoding': _, ...headers } = answer.headers;
      response.writeHead(answer.statusCode, { ...headers, 'content-length': body.length }).end(body);
    });
    inner.on('error', () => response.writeHead(502).end());
    request.pipe(inner);
  }

  #retold(body) {
    const answer = JSON.parse(body);
    if (Object.keys(this.lie).length === 0 && this.signed === 'own') return body;
    const [header, claims] = answer.id_token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
    const told = { ...claims, ...this.lie };
    const key = { own: this.#key, stranger: this.#stranger, none: null }[this.signed];
    return JSON.stringify({ ...answer, id_token: token({ ...header, alg: key ? 'ES256' : 'none' }, told, key) });
  }

  async stop() {
    for (const server of [this.#door, this.#inside]) {
      if (!server) continue;
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    }
  }
}
