// Protocol Buffers' wire format, as far as the messages of Google's cloud messaging need it.

/** A number as a varint. */
export function varint(number) {
  let rest = BigInt(number);
  const bytes = [];
  do {
    let byte = Number(rest & 127n);
    rest >>= 7n;
    if (rest) byte |= 128;
    bytes.push(byte);
  } while (rest);
  return Buffer.from(bytes);
}

const key = (field, wire) => varint((field << 3) | wire);

/** A field with a whole number. */
export const number = (field, value) => Buffer.concat([key(field, 0), varint(value)]);

/** A field with eight bytes. */
export function fixed64(field, value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return Buffer.concat([key(field, 1), bytes]);
}

/** A field with a text, bytes, or a message inside. */
export function bytes(field, value) {
  const content = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
  return Buffer.concat([key(field, 2), varint(content.length), content]);
}

/** The varint at `at`: `{value, next}`, or null when the buffer ends inside it. */
export function readVarint(buffer, at) {
  let value = 0n;
  for (let shift = 0n; at < buffer.length; shift += 7n) {
    const byte = buffer[at];
    at += 1;
    value |= BigInt(byte & 127) << shift;
    if (!(byte & 128)) return { value, next: at };
  }
  return null;
}

/** The fields of a message: a Map of number → list of values (bigint, or Buffer). */
export function parse(buffer) {
  const fields = new Map();
  for (let at = 0; at < buffer.length;) {
    const head = readVarint(buffer, at);
    const [field, wire] = [Number(head.value >> 3n), Number(head.value & 7n)];
    at = head.next;
    let value;
    if (wire === 0) {
      ({ value, next: at } = readVarint(buffer, at));
    } else if (wire === 2) {
      const length = readVarint(buffer, at);
      at = length.next + Number(length.value);
      value = buffer.subarray(length.next, at);
    } else {
      const size = wire === 1 ? 8 : 4;
      value = buffer.subarray(at, at + size);
      at += size;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
