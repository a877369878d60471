// A small D-Bus client: just enough of the wire protocol to offer one service on a session bus.
// Source: the D-Bus Specification, "Type System", "Marshaling (Wire Format)" and "Message Protocol".

import { EventEmitter } from 'node:events';
import net from 'node:net';

const CALL = 1;
const REPLY = 2;
const ERROR = 3;
const SIGNAL = 4;
const NO_REPLY_EXPECTED = 1;

/** Header fields: code, name, signature. */
const FIELDS = [
  [1, 'path', 'o'],
  [2, 'interface', 's'],
  [3, 'member', 's'],
  [4, 'errorName', 's'],
  [5, 'replySerial', 'u'],
  [6, 'destination', 's'],
  [7, 'sender', 's'],
  [8, 'signature', 'g'],
];

/** How the values of each type are aligned, in bytes. */
const ALIGNMENT = { y: 1, b: 4, n: 2, q: 2, i: 4, u: 4, x: 8, t: 8, d: 8, s: 4, o: 4, g: 1, a: 4, '(': 8, '{': 8, v: 1, h: 4 };

/** Splits a signature into its complete types: "sa{sv}i" → ["s", "a{sv}", "i"]. */
export function split(signature) {
  const types = [];
  for (let at = 0; at < signature.length;) {
    const from = at;
    while (signature[at] === 'a') at += 1;
    if (signature[at] === '(' || signature[at] === '{') {
      for (let depth = 0; ; at += 1) {
        if ('({'.includes(signature[at])) depth += 1;
        if (')}'.includes(signature[at]) && (depth -= 1) === 0) break;
      }
    }
    at += 1;
    types.push(signature.slice(from, at));
  }
  return types;
}

/** Reads values, little-endian, from a buffer whose start is aligned. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  align(to) {
    this.at = Math.ceil(this.at / to) * to;
  }

  take(length) {
    this.at += length;
    return this.at - length;
  }

  text(length) {
    const from = this.take(length + 1); // and its closing zero
    return this.bytes.toString('utf8', from, from + length);
  }

  value(type) {
    const kind = type[0];
    this.align(ALIGNMENT[kind]);
    switch (kind) {
      case 'y': return this.bytes.readUInt8(this.take(1));
      case 'b': return this.bytes.readUInt32LE(this.take(4)) === 1;
      case 'n': return this.bytes.readInt16LE(this.take(2));
      case 'q': return this.bytes.readUInt16LE(this.take(2));
      case 'i': return this.bytes.readInt32LE(this.take(4));
      case 'u': case 'h': return this.bytes.readUInt32LE(this.take(4));
      case 'x': return this.bytes.readBigInt64LE(this.take(8));
      case 't': return this.bytes.readBigUInt64LE(this.take(8));
      case 'd': return this.bytes.readDoubleLE(this.take(8));
      case 's': case 'o': return this.text(this.bytes.readUInt32LE(this.take(4)));
      case 'g': return this.text(this.bytes.readUInt8(this.take(1)));
      case 'v': return this.value(this.value('g'));
      case '(': case '{': return split(type.slice(1, -1)).map((inner) => this.value(inner));
      case 'a': {
        const inner = type.slice(1);
        const length = this.bytes.readUInt32LE(this.take(4));
        this.align(ALIGNMENT[inner[0]]);
        const end = this.at + length;
        const items = [];
        while (this.at < end) items.push(this.value(inner));
        return inner[0] === '{' ? Object.fromEntries(items) : items;
      }
      default: throw new Error(`D-Bus type ${kind} is not known here`);
    }
  }
}

/** Writes values, little-endian. */
class Writer {
  bytes = Buffer.alloc(0);

  align(to) {
    const missing = (to - (this.bytes.length % to)) % to;
    if (missing) this.push(Buffer.alloc(missing));
  }

  push(bytes) {
    this.bytes = Buffer.concat([this.bytes, bytes]);
  }

  number(size, write, value) {
    const bytes = Buffer.alloc(size);
    bytes[write](value);
    this.push(bytes);
  }

  value(type, value) {
    const kind = type[0];
    this.align(ALIGNMENT[kind]);
    switch (kind) {
      case 'y': return this.number(1, 'writeUInt8', value);
      case 'b': return this.number(4, 'writeUInt32LE', value ? 1 : 0);
      case 'i': return this.number(4, 'writeInt32LE', value);
      case 'u': return this.number(4, 'writeUInt32LE', value);
      case 's': case 'o': {
        const text = Buffer.from(value);
        this.number(4, 'writeUInt32LE', text.length);
        return this.push(Buffer.concat([text, Buffer.alloc(1)]));
      }
      case 'g': return this.push(Buffer.concat([Buffer.from([value.length]), Buffer.from(value), Buffer.alloc(1)]));
      case 'v': // given as [signature, value]
        this.value('g', value[0]);
        return this.value(value[0], value[1]);
      case '(': case '{': return split(type.slice(1, -1)).forEach((inner, index) => this.value(inner, value[index]));
      case 'a': {
        const inner = type.slice(1);
        this.number(4, 'writeUInt32LE', 0);
        const lengthAt = this.bytes.length - 4;
        this.align(ALIGNMENT[inner[0]]);
        const from = this.bytes.length;
        for (const item of value) this.value(inner, item);
        return this.bytes.writeUInt32LE(this.bytes.length - from, lengthAt);
      }
      default: throw new Error(`D-Bus type ${kind} is not known here`);
    }
  }
}

/** One message as bytes. `fields` is keyed by the names of FIELDS; `body` holds a value per complete type. */
function encode(kind, serial, fields, body = []) {
  const content = new Writer();
  split(fields.signature ?? '').forEach((type, index) => content.value(type, body[index]));
  const writer = new Writer();
  writer.push(Buffer.from([0x6c, kind, kind === CALL ? 0 : NO_REPLY_EXPECTED, 1]));
  writer.value('u', content.bytes.length);
  writer.value('u', serial);
  writer.value('a(yv)', FIELDS.filter(([, name]) => fields[name]).map(([code, name, type]) => [code, [type, fields[name]]]));
  writer.align(8);
  writer.push(content.bytes);
  return writer.bytes;
}

/** The first message of a buffer and the length it took, or null while it is not complete. */
function decode(bytes) {
  if (bytes.length < 16) return null;
  const head = bytes.readUInt32LE(12);
  const bodyAt = Math.ceil((16 + head) / 8) * 8;
  const length = bodyAt + bytes.readUInt32LE(4);
  if (bytes.length < length) return null;
  const message = { kind: bytes[1], flags: bytes[2], serial: bytes.readUInt32LE(8), body: [] };
  for (const [code, value] of new Reader(bytes, 12).value('a(yv)')) {
    const field = FIELDS.find(([known]) => known === code);
    if (field) message[field[1]] = value;
  }
  const reader = new Reader(bytes.subarray(bodyAt, length));
  message.body = split(message.signature ?? '').map((type) => reader.value(type));
  return { message, length };
}

/** A connection to a bus. Emits "call" (message, reply) for each method call that reaches us. */
export class Bus extends EventEmitter {
  #socket;
  #serial = 0;
  #waiting = new Map();

  /** Connects to the bus that listens at this path and says hello. */
  static async connect(path) {
    const bus = new Bus();
    await bus.#open(path);
    return bus;
  }

  async #open(path) {
    this.#socket = net.connect(path);
    const uid = Buffer.from(String(process.getuid())).toString('hex');
    this.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    let rest = await new Promise((resolve, reject) => {
      let said = Buffer.alloc(0);
      const listen = (bytes) => {
        said = Buffer.concat([said, bytes]);
        const end = said.indexOf('\r\n');
        if (end < 0) return;
        this.#socket.off('data', listen);
        if (said.toString('latin1', 0, end).startsWith('OK ')) resolve(said.subarray(end + 2));
        else reject(new Error(`the bus refused us: ${said.toString('latin1', 0, end)}`));
      };
      this.#socket.on('data', listen).once('error', reject);
    });
    this.#socket.write('BEGIN\r\n');
    this.#socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let found; (found = decode(rest));) {
        rest = rest.subarray(found.length);
        this.#receive(found.message);
      }
    });
    this.#socket.on('error', () => {}); // the daemon ends before us
    await this.call('Hello');
  }

  #receive(message) {
    if (message.kind === CALL) {
      const reply = (signature, ...body) => {
        if (message.flags & NO_REPLY_EXPECTED) return;
        this.#send(REPLY, { replySerial: message.serial, destination: message.sender, signature }, body);
      };
      if (!this.emit('call', message, reply)) reply('');
    } else if (message.kind === REPLY || message.kind === ERROR) {
      const waiting = this.#waiting.get(message.replySerial);
      this.#waiting.delete(message.replySerial);
      if (message.kind === REPLY) waiting?.resolve(message.body);
      else waiting?.reject(new Error(`${message.errorName}: ${message.body[0] ?? ''}`));
    }
  }

  #send(kind, fields, body) {
    this.#serial += 1;
    this.#socket.write(encode(kind, this.#serial, fields, body));
    return this.#serial;
  }

  /** Calls a method of the bus itself. */
  call(member, signature = '', ...body) {
    const name = 'org.freedesktop.DBus';
    const fields = { path: '/org/freedesktop/DBus', interface: name, destination: name, member, signature };
    const serial = this.#send(CALL, fields, body);
    return new Promise((resolve, reject) => this.#waiting.set(serial, { resolve, reject }));
  }

  /** Sends a signal to all who listen. */
  signal(path, interfaceName, member, signature, ...body) {
    this.#send(SIGNAL, { path, interface: interfaceName, member, signature }, body);
  }

  /** Refuses a call. */
  refuse(message, errorName) {
    this.#send(ERROR, { replySerial: message.serial, destination: message.sender, errorName });
  }

  close() {
    this.#socket.destroy();
  }
}
