// Signing in by another provider, in real browsers: away by a form, back by a redirect of another site, with our cookies.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { press, read, see } from './rig/hands.mjs';
import { fitsNarrow } from './rig/narrow.mjs';
import { JANE, arrive, register, signIn, toSignIn } from './rig/people.mjs';
import { signInByProvider, startWithProvider } from './rig/provider.mjs';
import { World } from './rig/world.mjs';

for (const kind of ['firefox', 'chromium']) {
  describe(`another provider, in ${kind}`, () => {
    let world;
    let watchbell;
    let here;

    /** A page of somebody else, who shares no cookies with anybody. */
    const stranger = async () => (await here.browser.createBrowserContext()).newPage();

    before(async () => {
      world = await World.make();
      watchbell = await startWithProvider(world);
      watchbell.provider.people.set('ann', { email: 'ann@example.com', email_verified: true, name: 'Ann Lee' });
      // Nobody has verified this one: it leads to no account by itself.
      watchbell.provider.people.set('octo', { email: 'octo@example.com', email_verified: false, name: 'Octo Cat' });
      watchbell.provider.people.set('jane', { email: JANE.username, email_verified: true, name: 'Jane there' });
      here = await world.browser(kind, [watchbell.url]);
    });
    after(() => world?.stop());

    test('somebody new comes from there and arrives at the app', async () => {
      const page = await here.page();
      await toSignIn(page, watchbell);
      await signInByProvider(page, 'ann');
      await arrive(page);
      await read(page, /Ann Lee/);
      await page.goto(`${watchbell.url}/account/signin`);
      await see(page, '#other-accounts');
      await read(page, /ann@example\.com/);
    });

    test('whoever stops there signs in another way, and the way back leads to the app', async () => {
      const other = await stranger();
      await register(other, watchbell);
      await arrive(other);
      const fresh = await stranger();
      await toSignIn(fresh, watchbell);
      await press(fresh, '#upstream-real');
      await press(fresh, 'a[href$="/abort"]');
      await read(fresh, /You stopped at Real/);
      await signIn(fresh, JANE);
      await arrive(fresh);
    });

    test('an address that has an account is connected by its password', async () => {
      const fresh = await stranger();
      await toSignIn(fresh, watchbell);
      await signInByProvider(fresh, 'jane');
      await see(fresh, '#upstream-pending');
      assert.equal(await fresh.$eval('#username', (input) => input.value), JANE.username);
      await fresh.type('#password', JANE.password);
      await press(fresh, '#login-submit');
      await arrive(fresh);
      await watchbell.mailTo(JANE.username, /Real is connected/);
    });

    /** Signs in by the provider as somebody whom nobody here knows, and then with Jane's password. */
    const asJaneWithOctoWaiting = async () => {
      const fresh = await stranger();
      await toSignIn(fresh, watchbell);
      await signInByProvider(fresh, 'octo');
      await see(fresh, '#join-form');
      await press(fresh, 'main a[href^="/login?"]');
      await see(fresh, '#upstream-pending');
      await signIn(fresh, JANE);
      await see(fresh, '#connect-form');
      return fresh;
    };

    test('an account elsewhere that waits is connected by a yes alone', async () => {
      const fresh = await asJaneWithOctoWaiting();
      await read(fresh, /jane@example\.com/);
      await read(fresh, /octo@example\.com/);
      await fitsNarrow(fresh, `connect-${kind}`);
      await press(fresh, '#connect-no');
      await arrive(fresh);
      await fresh.goto(`${watchbell.url}/account/signin`);
      await see(fresh, '#other-accounts');
      assert.doesNotMatch(await fresh.$eval('#other-accounts', (section) => section.innerText), /octo/);

      const again = await asJaneWithOctoWaiting();
      await press(again, '#connect-yes');
      await arrive(again);
      await again.goto(`${watchbell.url}/account/signin`);
      await see(again, '#other-accounts');
      await read(again, /octo@example\.com/);
    });
  });
}
