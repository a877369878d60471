// Somebody with an account at the program under test, and a plain browser: does what pages ask for.

import { Visitor } from './visitor.mjs';

const JANE = { username: 'jane@example.com', name: 'Jane Doe', password: 'staple gun orchestra nine' };

export class Person {
  constructor(watchbell, known = JANE) {
    Object.assign(this, { watchbell, known, visitor: new Visitor(watchbell.url) });
  }

  /** Somebody who has made an account, and is signed in. */
  static async register(watchbell, known = JANE) {
    const person = new Person(watchbell, known);
    const { visitor } = person;
    const form = await visitor.open((await visitor.open('/login')).link('/register'));
    await visitor.press(form, 'register-submit', known);
    const mail = await watchbell.mailTo(known.username);
    const page = await visitor.press(await visitor.open(mail.link('/confirm')), 'confirm-submit');
    if (page.formOf('continue')) await visitor.press(page, 'continue');
    return person;
  }

  /** The same person in a browser that knows nothing. */
  elsewhere() {
    return new Person(this.watchbell, this.known);
  }

  /** Opens an address and does what is asked for, until an app has its answer: where that leads. What a consent page said is in `asked`. */
  async follow(url) {
    let page = await this.visitor.open(url);
    for (let steps = 0; steps < 8; steps += 1) {
      if (page.left) return page.left;
      const button = ['login-submit', 'consent-allow', 'continue', 'logout-confirm'].find((id) => page.formOf(id));
      if (!button) break;
      if (button === 'consent-allow') this.asked = page.text;
      page = await this.visitor.press(page, button, button === 'login-submit' ? this.known : {});
    }
    throw new Error(`stuck at ${page.url} (${page.status}): ${page.text}`);
  }

  /** Lets a device in, whose address with the code this is. */
  async letIn(url) {
    const consent = await this.visitor.press(await this.visitor.open(url), 'device-submit');
    return this.visitor.press(consent, 'consent-allow');
  }
}
