// The browsers' push services, played by one program: Mozilla's for Firefox (its WebSocket protocol), Google's for
// Chromium (through gcm.mjs). It answers to the vendors' names on a local port; Watchbell is told where they are with
// `outbound.connect_to` and the test authority's certificate.

import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

import { WebSocketServer } from 'ws';

import { Gcm } from './gcm.mjs';
import { refusalOf } from './vapid.mjs';
import { until } from './waiting.mjs';

const MOZILLA = 'updates.push.services.mozilla.com';
const GOOGLE = ['fcm.googleapis.com', 'jmt17.google.com'];

const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Both vendors' push services. */
export class PushService {
  /** Every message that came: `{at, host, token, status, reason, headers, bytes}`. */
  log = [];
  /** What Firefox answered to each message: `{version, code}`; 100 is fine, 101 could not be decrypted, 3xx: the worker failed. */
  answers = [];
  #https;
  #sockets;
  #gcm;
  #firefoxes = new Map(); // uaid → {socket, waiting: Map(version → {message, topic, channelID})}
  #subscriptions = new Map(); // token → {uaid, channelID, key, seen, gone}
  #seenByGoogle = new Map(); // token → Set
  #faults = [];

  /** Starts on free ports. `certificates` come from makeCertificates. */
  static async start(certificates) {
    const service = new PushService();
    service.#gcm = await Gcm.start(certificates);
    service.#https = https.createServer(certificates, (request, response) => service.#post(request, response));
    // Firefox talks to its own service in the clear: its preference for tests allows that for this one address.
    service.#sockets = http.createServer();
    const protocol = new WebSocketServer({ server: service.#sockets, handleProtocols: (offered) => offered.has('push-notification') && 'push-notification' });
    protocol.on('connection', (socket) => service.#greet(socket));
    for (const server of [service.#https, service.#sockets]) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  /** The local port that plays the vendors' endpoints. */
  get port() {
    return this.#https.address().port;
  }

  /** For `outbound.connect_to`: each vendor's host and where it is found. */
  get connectTo() {
    return [MOZILLA, ...GOOGLE].map((host) => `${host}:443=127.0.0.1:${this.port}`);
  }

  /** Firefox's preferences with which it comes here. */
  get firefoxPreferences() {
    return {
      'dom.push.serverURL': `ws://127.0.0.1:${this.#sockets.address().port}/`,
      'dom.push.testing.allowInsecureServerURL': true,
    };
  }

  /** Chromium's arguments with which it comes here. */
  get chromiumArguments() {
    return this.#gcm.chromiumArguments;
  }

  /** The next `times` messages are answered like this instead: `{status, headers}`, or `{reset: true}`. */
  fail(fault, times = 1) {
    this.#faults.push(...Array(times).fill(fault));
  }

  /** The service forgets every subscription that exists now, as it does when a browser's data are cleared: 410. */
  forgetAll() {
    for (const subscription of this.#subscriptions.values()) subscription.gone = true;
    for (const token of this.#seenByGoogle.keys()) this.#seenByGoogle.set(token, null);
  }

  /** How many subscriptions Firefoxes have that are not gone. */
  get firefoxSubscriptions() {
    return [...this.#subscriptions.values()].filter((one) => !one.gone).length;
  }

  /** Mozilla's service forgets its Firefoxes, as after a loss of its data: each gets another name and new endpoints. */
  forgetFirefoxes() {
    for (const subscription of this.#subscriptions.values()) subscription.gone = true;
    const known = [...this.#firefoxes.values()];
    this.#firefoxes.clear();
    for (const { socket } of known) socket?.terminate();
  }

  /** Waits for the accepted message number `count`. */
  accepted(count = 1, milliseconds = 15_000) {
    const accepted = () => this.log.filter((one) => one.status === 201);
    return until(`${count} accepted messages (log: ${JSON.stringify(this.log.map(({ status, reason }) => ({ status, reason })))})`,
      () => accepted().length >= count && accepted()[count - 1], milliseconds);
  }

  async #post(request, response) {
    const body = await readBody(request);
    const host = (request.headers.host ?? request.headers[':authority'] ?? '').replace(/:443$/, '');
    const token = decodeURIComponent(request.url.replace(/^\/(wpush\/v2|fcm\/send|wp)\//, ''));
    const fault = this.#faults.shift();
    if (fault?.reset) {
      this.log.push({ at: Date.now(), host, token, status: 'reset', headers: request.headers, bytes: body.length });
      request.socket.destroy();
      return;
    }
    const verdict = fault ? { reason: 'injected', ...fault } : this.#accept({ host, token, body, headers: request.headers, method: request.method });
    this.log.push({ at: Date.now(), host, token, status: verdict.status, reason: verdict.reason, headers: request.headers, bytes: body.length });
    response.writeHead(verdict.status, { 'content-type': 'application/json', ttl: request.headers.ttl ?? '0', ...verdict.headers });
    response.end(verdict.reason ? JSON.stringify({ message: verdict.reason }) : '');
  }

  #accept(message) {
    const google = GOOGLE.includes(message.host);
    if (message.method !== 'POST') return { status: 405, reason: 'only POST' };
    const subscription = google ? this.#googleSubscription(message.token) : this.#subscriptions.get(message.token);
    if (!subscription || (!google && message.host !== MOZILLA)) return { status: 404, reason: 'no such subscription' };
    if (subscription.gone) return { status: 410, reason: 'gone' };
    const refusal = refusalOf(message.headers, message.body, subscription, `https://${message.host}`);
    if (refusal) return refusal;
    const version = crypto.randomUUID();
    if (google) this.#gcm.deliver(message.token, message.body, Number(message.headers.ttl));
    else this.#deliver(subscription, version, message);
    return { status: 201, headers: { location: `https://${message.host}/m/${version}` } };
  }

  /** Google's subscriptions have no key on record here: it is checked by signature only. */
  #googleSubscription(token) {
    if (!this.#gcm.knows(token)) return null;
    if (!this.#seenByGoogle.has(token)) this.#seenByGoogle.set(token, new Set());
    const seen = this.#seenByGoogle.get(token);
    return { key: null, seen, gone: seen === null };
  }

  #deliver({ uaid, channelID }, version, { body, headers }) {
    const message = { messageType: 'notification', channelID, version, ttl: Number(headers.ttl) };
    if (body.length) Object.assign(message, { data: body.toString('base64url'), headers: { encoding: 'aes128gcm' } });
    const firefox = this.#firefoxes.get(uaid);
    // RFC 8030 section 5.4: a message with the same topic takes the place of one that still waits.
    for (const [old, waiting] of firefox.waiting) {
      if (headers.topic && waiting.topic === headers.topic && waiting.message.channelID === channelID) firefox.waiting.delete(old);
    }
    firefox.waiting.set(version, { message, topic: headers.topic });
    firefox.socket?.send(JSON.stringify(message));
  }

  #greet(socket) {
    let uaid;
    const send = (message) => socket.send(JSON.stringify(message));
    const handlers = {
      hello: (message) => {
        uaid = this.#firefoxes.has(message.uaid) ? message.uaid : crypto.randomUUID().replaceAll('-', '');
        const firefox = this.#firefoxes.get(uaid) ?? { waiting: new Map() };
        this.#firefoxes.set(uaid, firefox);
        firefox.socket = socket;
        send({ messageType: 'hello', uaid, status: 200, use_webpush: true, broadcasts: {} });
        for (const { message: waiting } of firefox.waiting.values()) send(waiting);
      },
      register: ({ channelID, key }) => {
        const token = crypto.randomBytes(30).toString('base64url');
        this.#subscriptions.set(token, { uaid, channelID, key: key ? Buffer.from(key, 'base64url') : null, seen: new Set() });
        send({ messageType: 'register', channelID, status: 200, pushEndpoint: `https://${MOZILLA}/wpush/v2/${token}` });
      },
      unregister: ({ channelID }) => {
        for (const subscription of this.#subscriptions.values()) if (subscription.channelID === channelID) subscription.gone = true;
        send({ messageType: 'unregister', channelID, status: 200 });
      },
      ack: ({ updates = [] }) => {
        for (const { version, code } of updates) {
          this.answers.push({ version, code });
          this.#firefoxes.get(uaid)?.waiting.delete(version);
        }
      },
      nack: ({ version, code }) => this.answers.push({ version, code }),
    };
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.messageType === undefined) socket.send('{}'); // a ping
      else handlers[message.messageType]?.(message);
    });
    socket.on('close', () => {
      const firefox = this.#firefoxes.get(uaid);
      if (firefox?.socket === socket) firefox.socket = null;
    });
  }

  async stop() {
    for (const { socket } of this.#firefoxes.values()) socket?.terminate();
    for (const server of [this.#https, this.#sockets]) {
      server.closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    }
    await this.#gcm.stop();
  }
}
