// The ways through the product that stories share.

import { fill, press, see } from './hands.mjs';
import { Watchbell } from './watchbell.mjs';

export const JANE = { username: 'jane@example.com', name: 'Jane Doe', password: 'staple gun orchestra nine' };
export const NEW_PASSWORD = 'umbrella quartz 77 violin';

/** Starts Watchbell so that it finds the push services of this world. */
export async function startWatchbell(world, settings = {}) {
  const watchbell = await Watchbell.start({
    WATCHBELL_OUTBOUND__CONNECT_TO: world.push.connectTo.join(','),
    WATCHBELL_OUTBOUND__EXTRA_CA_FILE: world.certificates.caFile,
    ...settings,
  });
  world.also(() => watchbell.stop());
  return watchbell;
}

/** Begins at the demo app and stops at the sign-in page. */
export async function toSignIn(page, watchbell) {
  await page.goto(watchbell.demo);
  await press(page, '#sign-in');
  await see(page, '#login-form');
}

/** Registers on the way from the demo app and confirms the address in this browser. */
export async function register(page, watchbell, person = JANE) {
  await toSignIn(page, watchbell);
  await press(page, 'a[href^="/register"]');
  await fill(page, { username: person.username, name: person.name, password: person.password });
  await press(page, '#register-submit');
  await see(page, '#confirm-code');
  const mail = await watchbell.mailTo(person.username, /confirm/i);
  await page.goto(mail.link('/confirm'));
  await press(page, '#confirm-submit');
}

/** Types mail and password at the sign-in page. */
export async function signIn(page, { username, password }) {
  await fill(page, { username, password });
  await press(page, '#login-submit');
}

/** Goes on, past offers and consent, until the demo app greets. */
export async function arrive(page) {
  let missed = 0;
  for (;;) {
    const found = await see(page, '#from-id-token', '#consent-allow', '#continue');
    if (found === '#from-id-token') return;
    try {
      await press(page, found);
    } catch (error) {
      // The page that was seen was just being left: what is there now is looked at again, a few times.
      if (++missed > 3) throw error;
    }
  }
}
