// Another provider to sign in by, for browsers: oidc-provider, as the conformance tests have it.

import { CLIENT, Provider } from '../../conformance/provider.mjs';
import { startWatchbell } from './people.mjs';
import { press, read, see } from './hands.mjs';

/** Starts Watchbell with a button to a provider, `watchbell.provider`; `trusted` is whether its word on addresses counts. */
export async function startWithProvider(world, { trusted = true } = {}) {
  const provider = await Provider.start();
  world.also(() => provider.stop());
  const watchbell = await startWatchbell(world, {
    WATCHBELL_UPSTREAM__REAL__NAME: 'Real',
    WATCHBELL_UPSTREAM__REAL__ISSUER: provider.issuer,
    WATCHBELL_UPSTREAM__REAL__CLIENT_ID: CLIENT.client_id,
    WATCHBELL_UPSTREAM__REAL__CLIENT_SECRET: CLIENT.client_secret,
    WATCHBELL_UPSTREAM__REAL__TRUST_EMAIL: String(trusted),
    WATCHBELL_PUSH__TRUSTED_ORIGINS: provider.issuer,
  });
  await provider.serves(new URL('/login/upstream/real/callback', watchbell.url).href);
  return Object.assign(watchbell, { provider });
}

/** Presses the provider's button, signs in there as this person of its, and agrees. */
export async function signInByProvider(page, login) {
  await press(page, '#upstream-real');
  await see(page, 'input[name="login"]');
  await page.type('input[name="login"]', login);
  await page.type('input[name="password"]', 'any');
  await press(page, 'button.login-submit');
  // The page that asks for the consent has the same button.
  await read(page, /Authorize/);
  await press(page, 'button.login-submit');
}
