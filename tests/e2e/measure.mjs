// Figures of the running program, printed as a table: how fast it starts, what it weighs, how soon a notice is there.

import fs from 'node:fs/promises';

import { Visitor } from '../conformance/visitor.mjs';
import { press } from './rig/hands.mjs';
import { JANE, register, startWatchbell } from './rig/people.mjs';
import { until } from './rig/waiting.mjs';
import { Watchbell } from './rig/watchbell.mjs';
import { World } from './rig/world.mjs';

const TIMES = 20;

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

const rows = [];
const tell = (what, value) => rows.push([what, value]);

/** From the start of the process to its line "ready URL", on new data and on data that are there. */
async function starts() {
  const [first, again] = [[], []];
  for (let turn = 0; turn < 5; turn += 1) {
    const watchbell = await Watchbell.start();
    first.push(watchbell.startMilliseconds);
    await watchbell.kill();
    await watchbell.startAgain();
    again.push(watchbell.startMilliseconds);
    await watchbell.stop();
  }
  tell('process start to ready, new data folder (median of 5)', `${median(first).toFixed(0)} ms`);
  tell('process start to ready, existing data (median of 5)', `${median(again).toFixed(0)} ms`);
}

async function memory(watchbell, when) {
  const status = await fs.readFile(`/proc/${watchbell.pid}/status`, 'utf8');
  tell(`resident memory ${when}`, `${(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024).toFixed(1)} MiB`);
}

/** What a first visit to the sign-in page costs, as the browser counts it. */
async function loginPage(watchbell, browser) {
  const page = await browser.page();
  const network = await page.createCDPSession();
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  let requests = 0;
  let bytes = 0;
  network.on('Network.requestWillBeSent', () => { requests += 1; });
  network.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(`${watchbell.url}/login`, { waitUntil: 'networkidle0' });
  tell('sign-in page, cold: requests (a redirect among them)', String(requests));
  tell('sign-in page, cold: transferred, headers included', `${(bytes / 1024).toFixed(1)} KiB`);
  await page.close();
}

/** From the press of "Sign in" in a browser that nobody knows to the notice on the desktop of the known one. */
async function notices(world, kind) {
  // Every one of these sign-ins comes from the same address.
  const watchbell = await startWatchbell(world, { WATCHBELL_SIGN_IN__FAILURES_PER_ADDRESS: '10000' });
  const here = await world.browser(kind, [watchbell.url]);
  const page = await here.page();
  await register(page, watchbell);
  await press(page, '#consent-allow');
  await press(page, '#offer-on');
  await here.desktop.shown(/Notices are on/);
  const took = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const visitor = new Visitor(watchbell.url);
    const form = await visitor.open(`${watchbell.url}/login`);
    const count = here.desktop.notifications.length;
    const begun = Date.now();
    await visitor.press(form, 'login-submit', JANE);
    await until('the notice', () => here.desktop.notifications.length > count);
    took.push(here.desktop.notifications.at(-1).at - begun);
  }
  tell(`sign-in (password hash included) to notice shown in ${here.name} (median of ${TIMES})`, `${median(took).toFixed(0)} ms`);
  tell(`the same, slowest of ${TIMES}`, `${Math.max(...took)} ms`);
  return watchbell;
}

await starts();
const world = await World.make();
try {
  const idle = await startWatchbell(world);
  await memory(idle, 'idle, just started');
  const chromium = await world.browser('chromium');
  await loginPage(idle, chromium);
  for (const kind of ['firefox', 'chromium']) await memory(await notices(world, kind), `after the sign-ins rung in ${kind}`);
} finally {
  await world.stop();
}
const width = Math.max(...rows.map(([what]) => what.length));
for (const [what, value] of rows) console.log(`${what.padEnd(width)}  ${value}`);
