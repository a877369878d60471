// The Google side of Chromium's push: checkin, registration and the MCS stream, enough for an unmodified browser
// to subscribe and to receive encrypted messages without the internet.
// Sources: Chromium's google_apis/gcm/protocol/{checkin,mcs}.proto and google_apis/gcm/engine/*_request.cc.

import crypto from 'node:crypto';
import http from 'node:http';
import tls from 'node:tls';

import { bytes, fixed64, number, parse, readVarint, varint } from './protobuf.mjs';

const ANDROID_ID = 4_242_424_242n;
const SECURITY_TOKEN = 2_424_242_424n;
const MCS_VERSION = 41;

/** Tags of MCS messages. */
const HEARTBEAT_PING = 0;
const HEARTBEAT_ACK = 1;
const LOGIN_REQUEST = 2;
const LOGIN_RESPONSE = 3;
const CLOSE = 4;
const DATA_MESSAGE = 8;

const frame = (tag, message) => Buffer.concat([Buffer.from([tag]), varint(message.length), message]);

const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Stands in for Google towards one or more Chromiums. */
export class Gcm {
  #web;
  #mcs;
  #registrations = new Map(); // token → what the browser registered with
  #streams = new Set();
  #waiting = []; // messages that came while no stream was open
  #messages = 0;

  /** Starts on free ports with a certificate that the browsers trust. */
  static async start({ cert, key }) {
    const gcm = new Gcm();
    gcm.#web = http.createServer((request, response) => gcm.#answer(request, response));
    gcm.#mcs = tls.createServer({ cert, key }, (socket) => gcm.#converse(socket));
    for (const server of [gcm.#web, gcm.#mcs]) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gcm;
  }

  /** The arguments with which a Chromium comes here. */
  get chromiumArguments() {
    const web = `http://localhost:${this.#web.address().port}`;
    return [
      `--gcm-checkin-url=${web}/checkin`,
      `--gcm-registration-url=${web}/register3`,
      `--gcm-mcs-endpoint=https://localhost:${this.#mcs.address().port}`,
    ];
  }

  async #answer(request, response) {
    const body = await readBody(request);
    if (request.url.startsWith('/checkin')) {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      response.end(Buffer.concat([number(1, 1), number(3, Date.now()), fixed64(7, ANDROID_ID), fixed64(8, SECURITY_TOKEN)]));
    } else if (request.url.startsWith('/register3')) {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(this.#register(new URLSearchParams(body.toString())));
    } else {
      response.writeHead(404).end();
    }
  }

  #register(form) {
    const subtype = form.get('X-subtype') ?? form.get('app');
    if (form.get('delete') === 'true') {
      for (const [token, known] of this.#registrations) if (known.subtype === subtype) this.#registrations.delete(token);
      return `deleted=${form.get('app')}`;
    }
    const token = `${crypto.randomBytes(8).toString('base64url')}:APA91b${crypto.randomBytes(90).toString('base64url')}`;
    this.#registrations.set(token, { subtype, app: form.get('app'), sender: form.get('sender') ?? '' });
    return `token=${token}`;
  }

  #converse(socket) {
    let rest = Buffer.alloc(0);
    let greeted = false;
    let received = 0;
    socket.on('error', () => {});
    socket.on('close', () => this.#streams.delete(socket));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      if (!greeted && rest.length) [greeted, rest] = [true, rest.subarray(1)]; // one byte: the client's version
      for (;;) {
        const length = rest.length > 1 ? readVarint(rest, 1) : null;
        if (!length || rest.length < length.next + Number(length.value)) return;
        const [tag, message] = [rest[0], rest.subarray(length.next, length.next + Number(length.value))];
        rest = rest.subarray(length.next + Number(length.value));
        received += 1;
        this.#receive(socket, tag, message, received);
      }
    });
  }

  #receive(socket, tag, message, received) {
    if (tag === LOGIN_REQUEST) {
      const id = parse(message).get(1)?.[0] ?? 'login';
      socket.write(Buffer.concat([Buffer.from([MCS_VERSION]), frame(LOGIN_RESPONSE, Buffer.concat([bytes(1, id), number(9, Date.now())]))]));
      this.#streams.add(socket);
      for (const waiting of this.#waiting.splice(0)) socket.write(waiting);
    } else if (tag === HEARTBEAT_PING) {
      socket.write(frame(HEARTBEAT_ACK, number(2, received)));
    } else if (tag === CLOSE) {
      socket.end();
    }
  }

  /** Whether this token is registered. */
  knows(token) {
    return this.#registrations.has(token);
  }

  /** Sends an RFC 8291 body to the browser that owns the token. */
  deliver(token, body, ttl) {
    const { subtype, app, sender } = this.#registrations.get(token);
    const extra = (name, value) => bytes(7, Buffer.concat([bytes(1, name), bytes(2, value)]));
    this.#messages += 1;
    const message = frame(DATA_MESSAGE, Buffer.concat([
      bytes(2, crypto.randomUUID()),
      bytes(3, sender),
      bytes(5, app),
      extra('subtype', subtype),
      ...(body.length ? [extra('content-encoding', 'aes128gcm')] : []),
      bytes(9, `0:${Date.now()}%${this.#messages}`),
      number(17, ttl),
      number(18, Date.now()),
      ...(body.length ? [bytes(21, body)] : []),
    ]));
    // Every browser of a test run hears it; the one that owns the subtype takes it.
    if (this.#streams.size === 0) this.#waiting.push(message);
    for (const stream of this.#streams) stream.write(message);
  }

  async stop() {
    for (const stream of this.#streams) stream.destroy();
    for (const server of [this.#web, this.#mcs]) {
      server.closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
