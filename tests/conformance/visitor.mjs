// A person with a browser that knows neither scripts nor styles: cookies, links, redirects and forms.

import http from 'node:http';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"' };

const plain = (text) => text
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
  .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  .replace(/&(amp|lt|gt|quot);/g, (_, name) => ENTITIES[name]);

/** The attributes of a tag. */
function attributes(tag) {
  const found = {};
  for (const [, name, , value] of tag.matchAll(/([\w-]+)(="([^"]*)")?/g)) found[name] = plain(value ?? '');
  return found;
}

/** A page, or the place outside of the server where a redirect leads. */
class Page {
  constructor(status, headers, url, body) {
    Object.assign(this, { status, headers, url, body });
  }

  /** What a person reads. */
  get text() {
    return plain(this.body.replace(/<(script|style|head)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim();
  }

  get forms() {
    return [...this.body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, inside]) => {
      const inputs = [...inside.matchAll(/<input\b([^>]*)>/g)].map(([, tag]) => attributes(tag));
      const fields = inputs.filter((input) => input.name && (input.type !== 'checkbox' || 'checked' in input));
      const buttons = [...inside.matchAll(/<button\b([^>]*)>/g)].map(([, tag]) => attributes(tag));
      return { ...attributes(head), fields: Object.fromEntries(fields.map((input) => [input.name, input.value ?? ''])), buttons };
    });
  }

  /** The form with the button of this id, or nothing. */
  formOf(buttonId) {
    return this.forms.find((form) => form.buttons.some((button) => button.id === buttonId));
  }

  /** Where a page leads on to by itself, or nothing. */
  get onward() {
    const [, tag] = /<a\b([^>]*\bid="onward"[^>]*)>/.exec(this.body) ?? [];
    return tag && new URL(attributes(tag).href, this.url).href;
  }

  /** The address of the first link that contains a word. */
  link(word) {
    for (const [, tag] of this.body.matchAll(/<a\b([^>]*)>/g)) {
      const { href } = attributes(tag);
      if (href?.includes(word)) return new URL(href, this.url).href;
    }
    throw new Error(`no link with ${word} on: ${this.text}`);
  }
}

/** Someone who visits one server, and comes back to an app at `callback`, where nobody listens. */
export class Visitor {
  #cookies = new Map();
  #origin;

  constructor(origin) {
    this.#origin = new URL(origin).origin;
  }

  /** Opens an address and follows redirects, until a page or a place outside of the server. */
  async open(url) {
    return this.#follow(await this.#request('GET', new URL(url, this.#origin)));
  }

  /** Presses the button of a page's form, with these fields filled in. */
  async press(page, buttonId, fields = {}) {
    const form = page.formOf(buttonId);
    if (!form) throw new Error(`no button ${buttonId} at ${page.url} (${page.status}): ${page.text}`);
    const button = form.buttons.find((one) => one.id === buttonId);
    return this.send(page, form, { ...fields, ...(button.name ? { [button.name]: button.value } : {}) });
  }

  /** Sends a form of a page, with these fields filled in. */
  async send(page, form, fields = {}) {
    const values = { ...form.fields, ...fields };
    return this.#follow(await this.#request('POST', new URL(form.action ?? '', page.url), new URLSearchParams(values).toString()));
  }

  async #follow(page) {
    for (let hops = 0; hops < 15; hops += 1) {
      if (page.status < 300 || page.status >= 400) return page;
      const next = new URL(page.headers.location, page.url);
      if (next.origin !== this.#origin) return { left: next };
      page = await this.#request('GET', next);
    }
    throw new Error(`redirects without end, the last to ${page.url}`);
  }

  #request(method, url, body) {
    const headers = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      accept: 'text/html',
      'accept-language': 'en',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; '),
    };
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), origin: this.#origin, 'sec-fetch-site': 'same-origin' });
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers, agent: false }, async (response) => {
        for (const cookie of response.headers['set-cookie'] ?? []) this.#keep(cookie);
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve(new Page(response.statusCode, response.headers, url.href, Buffer.concat(chunks).toString()));
      });
      request.on('error', reject).end(body);
    });
  }

  #keep(cookie) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
