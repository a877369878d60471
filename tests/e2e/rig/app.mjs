// An app of which a story sees the ID token: the demo app shows names alone.

import crypto from 'node:crypto';
import http from 'node:http';

import { until } from './waiting.mjs';

const decoded = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

/** A first party's app without a secret, as it runs on people's own machines. */
export class App {
  #watchbell;
  #client;
  #server;
  #answers = [];

  /** Adds it; `options` are further words for `watchbell client add`. */
  static async add(world, watchbell, ...options) {
    const app = new App();
    app.#watchbell = watchbell;
    app.#server = http.createServer((request, response) => {
      const { searchParams } = new URL(request.url, app.callback);
      if (searchParams.has('state')) app.#answers.push(Object.fromEntries(searchParams));
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>The app</title><h1 id="app">The app</h1>');
    });
    await new Promise((resolve) => app.#server.listen(0, '127.0.0.1', resolve));
    world.also(() => { app.#server.closeAllConnections?.(); app.#server.close(); });
    const added = await watchbell.command('client', 'add', '--name', 'Acme Vault', '--auth', 'none', '--first-party', '--redirect-uri', app.callback, ...options);
    app.#client = added.client_id;
    return app;
  }

  get callback() {
    return `http://127.0.0.1:${this.#server.address().port}/callback`;
  }

  /** Sends a page to the sign-in, and answers how to wait for the claims of the ID token that comes of it. */
  async signIn(page, parameters = {}) {
    const verifier = crypto.randomBytes(32).toString('base64url');
    const state = crypto.randomUUID();
    const request = {
      client_id: this.#client, response_type: 'code', redirect_uri: this.callback, scope: 'openid', state,
      code_challenge: crypto.createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...parameters,
    };
    await page.goto(`${this.#watchbell.url}/oauth/authorize?${new URLSearchParams(request)}`);
    return async () => {
      const { code, error } = await until('the answer at the app', () => this.#answers.find((answer) => answer.state === state));
      if (error) throw new Error(`the app was told ${error}`);
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: this.callback, client_id: this.#client, code_verifier: verifier });
      const response = await fetch(`${this.#watchbell.url}/oauth/token`, { method: 'POST', body });
      const tokens = await response.json();
      if (!response.ok) throw new Error(`no tokens: ${JSON.stringify(tokens)}`);
      return decoded(tokens.id_token);
    };
  }
}
