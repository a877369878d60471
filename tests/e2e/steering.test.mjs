// Notices that people can steer: the clicks on and off are counted, in real browsers, once with each as the one at home.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { opened, press, read, see } from './rig/hands.mjs';
import { JANE, arrive, register, signIn, startWatchbell, toSignIn } from './rig/people.mjs';
import { pause, until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

const NEW_SIGN_IN = /New sign-in to/;
const NOTICES = 'a[href="/account/notifications"]';

/** Hands that count. */
function clicking() {
  const clicks = { count: 0 };
  clicks.press = async (page, selector) => {
    clicks.count += 1;
    await press(page, selector);
  };
  return clicks;
}

const box = (topic, channel) => `input[name="${topic}/${channel}"]`;
const isOn = (page, selector) => page.$eval(selector, (input) => input.checked);
/** Waits until a switch stands so; the page may be loading anew. */
const stands = (page, selector, on) =>
  until(`${selector} is ${on ? 'on' : 'off'}`, async () => (await isOn(page, selector).catch(() => null)) === on);

for (const [known, stranger] of [['firefox', 'chromium'], ['chromium', 'firefox']]) {
  describe(`${known} at home, ${stranger} elsewhere`, () => {
    let world;
    let watchbell;
    let here;
    let there;
    let page;
    let other;
    const goto = (of, path) => of.goto(`${watchbell.url}${path}`);
    const rings = () => here.desktop.notifications.filter((one) => NEW_SIGN_IN.test(one.summary)).length;
    const aStrangerSignsIn = async () => {
      const third = await (await world.browser(stranger, [watchbell.url])).page();
      await toSignIn(third, watchbell);
      await signIn(third, JANE);
      await arrive(third);
    };

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      here = await world.browser(known, [watchbell.url]);
      there = await world.browser(stranger, [watchbell.url]);
      page = await here.page();
      other = await there.page();
      await register(page, watchbell);
      await press(page, '#consent-allow');
      await see(page, '#offer-on');
    });
    after(() => world?.stop());

    test('on: two clicks from any page of the account', async () => {
      await goto(page, '/account/devices');
      const clicks = clicking();
      await clicks.press(page, `nav ${NOTICES}`);
      await clicks.press(page, '#push-on');
      await here.desktop.shown(/Notices are on/);
      assert.equal(clicks.count, 2);
      await see(page, '#push-off');
    });

    test('a switch is saved at once, says when and where, and the other tab shows it', async () => {
      const tab = await here.page();
      await goto(tab, '/account/notifications');
      await goto(page, '/account/notifications');
      assert.equal(await isOn(tab, box('app.connected', 'push')), false);
      await press(page, box('app.connected', 'push'));
      await read(page, /Saved for every browser/);
      await read(page, /Last changed just now, in this browser/);
      await stands(tab, box('app.connected', 'push'), true);
      await read(tab, /Last changed today .* in (Firefox|Chrom\w+) on Linux/);
      await tab.close();
    });

    test('a browser that signs in later is told, and one click takes the notices over', async () => {
      await toSignIn(other, watchbell);
      await signIn(other, JANE);
      await arrive(other);
      await goto(other, '/account');
      await read(other, /Notices are on for your account, but not in this browser/);
      const clicks = clicking();
      await clicks.press(other, '#push-on');
      await there.desktop.shown(/Notices are on/);
      assert.equal(clicks.count, 1);
      await goto(other, '/account/notifications');
      await see(other, '#push-off');
      assert.equal(await isOn(other, box('app.connected', 'push')), true, 'with the choices of the account');
    });

    test('of two browsers that change something at once, neither loses its change', async () => {
      await goto(page, '/account/notifications');
      await goto(other, '/account/notifications');
      await press(page, box('app.connected', 'email'));
      await read(page, /Saved for every browser/);
      await press(other, box('credential.changed', 'push'));
      await read(other, /Changed in another browser meanwhile. Yours was saved, too/);
      assert.equal(await isOn(other, box('app.connected', 'email')), false, 'the other change is shown here');
      await goto(page, '/account/notifications');
      assert.equal(await isOn(page, box('app.connected', 'email')), false);
      assert.equal(await isOn(page, box('credential.changed', 'push')), false);
    });

    test('a pause holds notices back, and they ring when it ends', async () => {
      await goto(page, '/account/notifications');
      await press(page, 'input[name=security_rings]');
      await until('saved', async () => /Saved/.test(await page.$eval('[data-quiet-status]', (one) => one.innerText).catch(() => '')));
      await press(page, '#pause-until-resumed');
      await read(page, /paused until you turn them on again/);
      const before = rings();
      await aStrangerSignsIn();
      await pause(2000);
      assert.equal(rings(), before);
      await press(page, '#pause-end');
      await until('what was held back rings', () => rings() > before);
      await press(page, 'input[name=security_rings]');
    });

    test('quiet hours are saved as they are typed, and nonsense is said', async () => {
      await goto(page, '/account/notifications');
      await press(page, 'input[name=hours]');
      await read(page, /Saved for every browser/);
      await page.$eval('#quiet-until', (input) => {
        input.value = document.querySelector('#quiet-from').value;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await read(page, /Choose two different times/);
      await goto(page, '/account/notifications');
      assert.equal(await page.$eval('#quiet-until', (input) => input.value), '07:00', 'nonsense was not saved');
      await press(page, 'input[name=hours]');
      await read(page, /Saved for every browser/);
    });

    test('a mail about a sign-in: off in two clicks, without signing in', async () => {
      const mail = await watchbell.mailTo(JANE.username, /sign-in/i);
      const anywhere = await (await world.browser(stranger)).page();
      const clicks = clicking();
      clicks.count += 1; // on the link in the mail
      await anywhere.goto(mail.link('/notices/off'));
      await read(anywhere, /Stop these mails\?/);
      await clicks.press(anywhere, '#way-off');
      await read(anywhere, /These mails have stopped/);
      assert.equal(clicks.count, 2);
      await goto(page, '/account/notifications');
      assert.equal(await isOn(page, box('login.new_device', 'email')), false);
      const back = clicking();
      await goto(page, '/account/apps');
      await back.press(page, `nav ${NOTICES}`);
      await back.press(page, box('login.new_device', 'email'));
      await read(page, /Saved for every browser/);
      assert.equal(back.count, 2, 'on again in as many');
    });

    if (known === 'firefox') {
      test('a browser whose endpoint was changed renews it by itself, with no page open, and rings there', async () => {
        await page.goto('about:blank');
        const before = rings();
        world.push.forgetFirefoxes();
        await until('the worker subscribes anew', () => world.push.firefoxSubscriptions > 0, 60_000);
        await pause(1000);
        const from = world.push.log.length;
        await aStrangerSignsIn();
        await until('it rings at the new address', () => rings() > before);
        assert.ok(world.push.log.slice(from).every((one) => one.status === 201), 'nothing is sent to the old one');
      });
    }

    test('off: two clicks from the page behind a notice', async () => {
      const before = rings();
      await aStrangerSignsIn();
      await until('the stranger is told of', () => rings() > before);
      here.desktop.click(await here.desktop.shown(NEW_SIGN_IN));
      const behind = await opened(here, '/account/was-this-you/');
      const clicks = clicking();
      await clicks.press(behind, NOTICES);
      await clicks.press(behind, '#push-off');
      await see(behind, '#push-on');
      assert.equal(clicks.count, 2);
      await watchbell.mailTo(JANE.username, /notices are off/i);
      await pause(200);
      await press(behind, '#push-on');
      await see(behind, '#push-off');
    });

    test('off: one click on the first notice, two from any page of the account', async () => {
      const notice = await here.desktop.shown(/Notices are on/);
      here.desktop.click(notice, 'Turn off');
      await until('off', async () => {
        await goto(page, '/account/notifications');
        return (await see(page, '#push-on', '#push-off')) === '#push-on';
      });
      await press(page, '#push-on');
      await see(page, '#push-off');
      const clicks = clicking();
      await goto(page, '/account/signin');
      await clicks.press(page, `nav ${NOTICES}`);
      await clicks.press(page, '#push-off');
      await see(page, '#push-on');
      assert.equal(clicks.count, 2);
    });

    test('what is kept is shown and deleted, and both browsers let go', async () => {
      await goto(other, '/account/notifications');
      await press(other, '#kept');
      await read(other, /What is kept for notices/);
      await press(other, '#kept-delete');
      await read(other, /Nothing is kept: notices are on in no browser/);
      const own = () => other.evaluate(async () => Boolean(await (await navigator.serviceWorker.getRegistration('/'))?.pushManager.getSubscription()));
      await until('the browser gives its subscription up', async () => !(await own()), 20_000);
    });
  });
}
