// Signing in by another provider: the running program against npm's oidc-provider.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Watchbell } from '../e2e/rig/watchbell.mjs';
import { CLIENT, Provider } from './provider.mjs';
import { Visitor } from './visitor.mjs';

const PASSWORD = 'staple gun orchestra nine';

let watchbell;
let real;
let other;

/** Somebody with an account at a provider, and a browser. */
class Person {
  constructor(provider, sub) {
    this.here = new Visitor(watchbell.url);
    this.there = new Visitor(provider.issuer);
    Object.assign(this, { provider, sub });
  }

  /** Presses the provider's button on a page: where its own page is. */
  async leave(page, button = `upstream-${this.provider.key}`) {
    return (await this.here.press(page, button)).onward;
  }

  /** Signs in at the provider and agrees: the address at which it sends its answer. */
  async agree(url) {
    let page = await this.there.open(url);
    while (!page.left) {
      assert.equal(page.forms.length, 1, `${page.url} (${page.status}): ${page.text}`);
      page = await this.there.send(page, page.forms[0], { login: this.sub, password: 'any' });
    }
    return page.left;
  }

  /** Brings an answer back, and goes on until a page asks for something. */
  async arrive(url) {
    let page = await this.here.open(url);
    for (let steps = 0; steps < 8; steps += 1) {
      if (page.onward) page = await this.here.open(page.onward);
      else if (page.formOf('continue')) page = await this.here.press(page, 'continue');
      else if (page.formOf('offer-later')) page = await this.here.press(page, 'offer-later');
      else return page;
    }
    throw new Error(`no end at ${page.url}: ${page.text}`);
  }

  /** The whole way, from the sign-in page. */
  async signIn() {
    const page = await this.here.open('/login');
    return this.arrive(await this.agree(await this.leave(page)));
  }

  async isSignedIn() {
    return (await this.here.open('/account')).url.endsWith('/account');
  }
}

const says = (page, text) => assert.ok(page.text.includes(text), `"${text}" is not on ${page.url} (${page.status}): ${page.text}`);

/** Somebody new at a provider, whose address there is verified. */
function somebody(provider, name, more = {}) {
  const sub = `${name.toLowerCase()}-${provider.people.size}`;
  provider.people.set(sub, { email: `${name.toLowerCase()}@example.com`, email_verified: true, name: `${name} Doe`, ...more });
  return new Person(provider, sub);
}

/** Somebody who has an account here, with a password, and a browser in which nobody is signed in there. */
async function registered(person) {
  const email = person.provider.people.get(person.sub).email;
  const login = await person.here.open('/login');
  const form = await person.here.open(login.link('/register'));
  await person.here.press(form, 'register-submit', { username: email, name: 'Somebody', password: PASSWORD });
  const mail = await watchbell.mailTo(email, /confirm/i);
  await person.arrive((await person.here.press(await person.here.open(mail.link('/confirm')), 'confirm-submit')).url);
  return email;
}

describe('oidc-provider', () => {
  before(async () => {
    [real, other] = await Promise.all([Provider.start(), Provider.start()]);
    Object.assign(real, { key: 'real' });
    Object.assign(other, { key: 'other' });
    const described = (provider, name) => ({
      [`WATCHBELL_UPSTREAM__${name}__NAME`]: provider.key === 'real' ? 'Real' : 'Other',
      [`WATCHBELL_UPSTREAM__${name}__ISSUER`]: provider.issuer,
      [`WATCHBELL_UPSTREAM__${name}__CLIENT_ID`]: CLIENT.client_id,
      [`WATCHBELL_UPSTREAM__${name}__CLIENT_SECRET`]: CLIENT.client_secret,
      [`WATCHBELL_UPSTREAM__${name}__TRUST_EMAIL`]: 'true',
    });
    // Providers are on this machine, which is for those alone that the operator names.
    watchbell = await Watchbell.start({
      ...described(real, 'REAL'),
      ...described(other, 'OTHER'),
      WATCHBELL_PUSH__TRUSTED_ORIGINS: `${real.issuer},${other.issuer}`,
    });
    for (const provider of [real, other]) await provider.serves(new URL(`/login/upstream/${provider.key}/callback`, watchbell.url).href);
  });
  beforeEach(() => real.isHonest());
  after(async () => {
    await watchbell?.stop();
    await Promise.all([real?.stop(), other?.stop()]);
  });

  test('a first sign-in makes an account, and the next ones are to the same', async () => {
    const jane = somebody(real, 'Jane');
    says(await jane.here.open('/login'), 'Continue with Real');
    says(await jane.signIn(), 'Jane Doe');
    real.people.get(jane.sub).name = 'Jane Smith';
    const elsewhere = new Person(real, jane.sub);
    says(await elsewhere.signIn(), 'Jane Doe');
    const users = (await watchbell.command('user', 'list')).filter((user) => user.email === 'jane@example.com');
    assert.equal(users.length, 1);
    assert.match((await watchbell.mailTo('jane@example.com', /sign-in/i)).subject, /new sign-in/i);
  });

  test('the account page shows what is connected, and lets it go but for the last way in', async () => {
    const mary = somebody(real, 'Mary');
    await mary.signIn();
    let page = await mary.here.open('/account/signin');
    says(page, 'mary@example.com');
    const unlink = (on) => on.forms.find((form) => form.action.endsWith('/unlink'));
    says(await mary.here.send(page, unlink(page)), 'your last way to sign in');
    const way = await mary.here.press(page, 'link-other');
    const there = new Person(other, mary.sub);
    other.people.set(mary.sub, { email: 'm@other.example', email_verified: true, name: 'M' });
    says(await mary.arrive(await there.agree(way.onward)), 'Connected');
    page = await mary.here.open('/account/signin');
    says(page, 'm@other.example');
    says(await mary.here.send(page, unlink(page)), 'Disconnected');
    assert.match((await watchbell.mailTo('mary@example.com', /no longer connected/)).subject, /Real/);
    const again = new Person(real, mary.sub);
    says(await again.signIn(), 'There is an account with the address mary@example.com');
    assert.equal(await again.isSignedIn(), false);
  });

  test('an address that has an account is connected after its owner has signed in here, and not before', async () => {
    const ann = somebody(real, 'Ann');
    await registered(ann);
    const elsewhere = new Person(real, ann.sub);
    const page = await elsewhere.signIn();
    says(page, 'There is an account with the address ann@example.com here');
    assert.equal(await elsewhere.isSignedIn(), false);
    says(await elsewhere.arrive((await elsewhere.here.press(page, 'login-submit', { password: PASSWORD })).url), 'Somebody');
    says(await elsewhere.here.open('/account/signin'), 'Disconnect');
    says(await new Person(real, ann.sub).signIn(), 'Somebody');
  });

  test('an address that is not verified there is confirmed by mail first', async () => {
    const joe = somebody(real, 'Joe', { email_verified: false });
    const page = await joe.signIn();
    says(page, 'Almost there');
    assert.equal(await joe.isSignedIn(), false);
    await joe.here.press(page, 'join-submit');
    const mail = await watchbell.mailTo('joe@example.com', /confirm/i);
    await joe.here.press(await joe.here.open(mail.link('/confirm')), 'confirm-submit');
    assert.equal(await joe.isSignedIn(), true);
  });

  test('whoever stops there is back on a page with a way on', async () => {
    const liz = somebody(real, 'Liz');
    const there = await liz.there.open(await liz.leave(await liz.here.open('/login')));
    const { left } = await liz.there.open(there.link('/abort'));
    assert.equal(left.searchParams.get('error'), 'access_denied');
    const page = await liz.arrive(left);
    says(page, 'You stopped at Real');
    assert.ok(page.formOf('login-submit') && page.formOf('upstream-real'));
    // And one who is not even asked there.
    const silent = new URL(await liz.leave(page));
    silent.searchParams.set('prompt', 'none');
    const answer = (await liz.there.open(silent)).left;
    assert.equal(answer.searchParams.get('error'), 'login_required');
    says(await liz.arrive(answer), 'You stopped at Real');
    says(await liz.signIn(), 'Liz Doe');
  });

  // What lacks a claim that every ID token has (OpenID Connect Core §2) is none: the provider is out of order.
  const unreadable = ['no end', 'no subject'];
  const now = () => Math.floor(Date.now() / 1000);
  for (const [what, lie, signed] of [
    ['another audience', () => ({ aud: 'somebody-else' })],
    ['one audience more', () => ({ aud: [CLIENT.client_id, 'somebody-else'] })],
    ['another authorized party', () => ({ azp: 'somebody-else' })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['the issuer of another provider', () => ({ iss: other.issuer })],
    ['another nonce', () => ({ nonce: 'another' })],
    ['no nonce', () => ({ nonce: undefined })],
    ['an end that is past', () => ({ iat: now() - 700, exp: now() - 100 })],
    ['no end', () => ({ exp: undefined })],
    ['a beginning in the future', () => ({ iat: now() + 600, exp: now() + 1200 })],
    ['another access token', () => ({ at_hash: '77QmUPtjPfzWtF2AnpK9RQ' })],
    ['no subject', () => ({ sub: undefined })],
    ['somebody else than UserInfo', () => ({ sub: 'somebody-else' })],
    ['a signature of a stranger', () => ({}), 'stranger'],
    ['no signature', () => ({}), 'none'],
  ]) {
    test(`an ID token with ${what} signs nobody in`, async () => {
      const eve = somebody(real, `Eve-${real.people.size}`);
      await eve.signIn();
      assert.equal(await eve.isSignedIn(), true, 'an honest answer does');
      Object.assign(real, { lie: lie(), signed: signed ?? 'own' });
      const again = new Person(real, eve.sub);
      const page = await again.signIn();
      says(page, unreadable.includes(what) ? 'Real can’t be reached right now' : 'genuine');
      assert.ok(page.formOf('upstream-real'), 'there is a way on');
      assert.equal(await again.isSignedIn(), false);
    });
  }

  test('an answer counts once, and in the browser that asked', async () => {
    const tom = somebody(real, 'Tom');
    const answer = await tom.agree(await tom.leave(await tom.here.open('/login')));
    const thief = somebody(real, 'Thief');
    await thief.here.open('/login');
    assert.equal((await thief.here.open(answer)).status, 403);
    says(await tom.arrive(answer), 'Tom Doe');
    const tokens = real.asked.filter((path) => path === '/token').length;
    await tom.here.open(answer);
    assert.equal(real.asked.filter((path) => path === '/token').length, tokens, 'the code is shown once');
  });

  test('an answer of one provider is not taken for another’s (RFC 9700 §4.4, RFC 9207)', async () => {
    const sue = somebody(real, 'Sue');
    const exchanges = () => [real, other].flatMap((provider) => provider.asked).filter((path) => path === '/token').length;
    const before = exchanges();
    // The other one is evil: it sends her on to the real one, with the request that was meant for itself.
    const page = await sue.here.open('/login');
    const mixed = new URL(await sue.leave(page, 'upstream-other'));
    mixed.host = new URL(real.issuer).host;
    mixed.searchParams.set('redirect_uri', new URL('/login/upstream/real/callback', watchbell.url).href);
    says(await sue.arrive(await sue.agree(mixed)), 'The answer didn’t come from Other');
    // The same, sent on to the other's own address; and an answer that names another issuer, or none.
    for (const change of [
      (answer) => { answer.pathname = answer.pathname.replace('/real/', '/other/'); },
      (answer) => { answer.searchParams.set('iss', other.issuer); },
      (answer) => { answer.searchParams.delete('iss'); },
    ]) {
      const answer = await sue.agree(await sue.leave(await sue.here.open('/login')));
      assert.equal(answer.searchParams.get('iss'), real.issuer);
      change(answer);
      says(await sue.arrive(answer), 'The answer didn’t come from Real');
    }
    assert.equal(await sue.isSignedIn(), false);
    assert.equal(exchanges(), before, 'no code was shown to anybody');
    says(await sue.signIn(), 'Sue Doe');
  });

  test('a code of another attempt does not fit', async () => {
    const kim = somebody(real, 'Kim');
    const one = await kim.agree(await kim.leave(await kim.here.open('/login')));
    const two = await kim.agree(await kim.leave(await kim.here.open('/login')));
    two.searchParams.set('code', one.searchParams.get('code'));
    says(await kim.arrive(two), 'genuine');
    assert.equal(await kim.isSignedIn(), false);
  });

  test('a provider that is out of order stops nobody from signing in another way', async () => {
    const pat = somebody(real, 'Pat');
    real.broken = { '/token': 503 };
    const page = await pat.signIn();
    says(page, 'Real can’t be reached right now');
    assert.ok(page.formOf('login-submit'));
    real.isHonest();
    says(await pat.signIn(), 'Pat Doe');
  });
});
