// What a push service checks of a message before it takes it: more strictly than most, since a wrong message is
// answered 201 by the lenient ones and then nothing appears. Sources: RFC 8030, RFC 8188, RFC 8291, RFC 8292.

import crypto from 'node:crypto';

const DAY = 24 * 60 * 60;

const refusal = (status, reason) => ({ status, reason });
const decoded = (text) => Buffer.from(text, 'base64url');

/** The reason to refuse a message's authorisation (RFC 8292), or null. `key` is the subscription's own. */
function vapidRefusal(header, key, origin) {
  if (!header) return refusal(401, 'no VAPID authorisation');
  const parameters = /^vapid\s+(.*)$/i.exec(header)?.[1];
  if (!parameters) return refusal(401, 'the authorisation scheme must be vapid');
  const { t, k } = Object.fromEntries(parameters.split(',').map((one) => one.trim().split(/=(.*)/s, 2)));
  if (!t || !k || /[+/=]/.test(t) || /[+/=]/.test(k)) return refusal(401, 't and k must be there, in unpadded base64url');
  const point = decoded(k);
  if (point.length !== 65 || point[0] !== 4) return refusal(401, 'k must be an uncompressed point of P-256');
  if (key && !point.equals(key)) return refusal(403, 'the key is not the one of the subscription');
  const parts = t.split('.');
  let head;
  let claims;
  try {
    [head, claims] = parts.slice(0, 2).map((part) => JSON.parse(decoded(part)));
  } catch {
    return refusal(401, 't is not a JWT');
  }
  if (parts.length !== 3 || head.alg !== 'ES256') return refusal(401, 't must be a JWT signed with ES256');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const verifier = { key: crypto.createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  if (!crypto.verify('sha256', Buffer.from(`${parts[0]}.${parts[1]}`), verifier, decoded(parts[2]))) return refusal(401, 'wrong signature');
  return claimsRefusal(claims, origin);
}

function claimsRefusal({ aud, exp, sub }, origin) {
  const now = Date.now() / 1000;
  if (typeof exp !== 'number' || exp < now) return refusal(401, 'the token has expired');
  if (exp > now + DAY) return refusal(401, 'exp is more than 24 hours ahead');
  if (aud !== origin) return refusal(401, `aud is ${aud}, and not ${origin}`);
  if (!/^(mailto:[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+|https:\/\/\S+)$/.test(sub ?? '') || sub.includes('localhost')) {
    return refusal(403, 'sub must be a mailto: or https: address that people can reach');
  }
  return null;
}

/** The reason to refuse a body (RFC 8188 and 8291), or null. `seen` remembers salts and keys of the subscription. */
function bodyRefusal(body, encoding, seen) {
  if (body.length === 0) return null;
  if (body.length > 4096) return refusal(413, 'more than 4096 bytes');
  if (encoding !== 'aes128gcm') return refusal(415, 'the content encoding must be aes128gcm');
  if (body.length < 86 + 18) return refusal(400, 'too short for aes128gcm');
  const salt = body.toString('hex', 0, 16);
  const sender = body.toString('hex', 21, 86);
  if (body[20] !== 65 || body[21] !== 4) return refusal(400, 'the key id must be the public key of the sender');
  if (body.readUInt32BE(16) < body.length - 86) return refusal(400, 'more than one record');
  if (seen.has(salt) || seen.has(sender)) return refusal(400, 'salt and key must be fresh for each message');
  seen.add(salt).add(sender);
  return null;
}

/** The reason to refuse a message, `{status, reason}`, or null. A subscription is `{key, seen}`. */
export function refusalOf(headers, body, subscription, origin) {
  const vapid = vapidRefusal(headers.authorization, subscription.key, origin);
  if (vapid) return vapid;
  if (!/^\d+$/.test(headers.ttl ?? '')) return refusal(400, 'TTL must be there, in seconds');
  if (headers.topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(headers.topic)) return refusal(400, 'not a topic');
  if (headers.urgency !== undefined && !['very-low', 'low', 'normal', 'high'].includes(headers.urgency)) return refusal(400, 'not an urgency');
  return bodyRefusal(body, headers['content-encoding'], subscription.seen);
}
