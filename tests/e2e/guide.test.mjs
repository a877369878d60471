// The guide's single-page app as it stands there, in real browsers: calls of another origin, a key that can't be read.

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Page } from '../conformance/guide/page.mjs';
import { press, read, see } from './rig/hands.mjs';
import { arrive, register, startWatchbell } from './rig/people.mjs';
import { World } from './rig/world.mjs';

const LIBRARY = new URL('../conformance/node_modules/oauth4webapi/build/index.js', import.meta.url);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder, as any web server does; answers its address. */
async function serve(world, folder) {
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = path.join(folder, pathname === '/' ? 'index.html' : path.basename(pathname));
    const body = await fs.readFile(file).catch(() => null);
    response.writeHead(body ? 200 : 404, { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' }).end(body);
  });
  await new Promise((resolve) => { server.listen(0, 'localhost', resolve); });
  world.also(() => { server.closeAllConnections(); server.close(); });
  return `http://localhost:${server.address().port}/`;
}

for (const kind of ['firefox', 'chromium']) {
  describe(`the single-page app of the guide, in ${kind}`, () => {
    let world;
    let watchbell;
    let page;
    let home;

    before(async () => {
      world = await World.make();
      watchbell = await startWatchbell(world);
      const guide = new Page('single-page-app.md');
      const folder = await world.fresh('board');
      home = await serve(world, folder);
      const added = await watchbell.command(...guide.command('client add', { 'http://localhost:3000/': home }));
      await guide.place(folder, 'index.html', 'app.js', 'settings.js');
      const settings = guide.file('settings.js').replace(/ISSUER = '.*'/, `ISSUER = '${watchbell.url.replace(/\/$/, '')}'`).replace(/CLIENT_ID = '.*'/, `CLIENT_ID = '${added.client_id}'`);
      await fs.writeFile(path.join(folder, 'settings.js'), settings);
      await fs.copyFile(LIBRARY, path.join(folder, 'oauth4webapi.js'));
      const here = await world.browser(kind, [watchbell.url]);
      page = await (await here.browser.createBrowserContext()).newPage();
      await register(page, watchbell);
      await arrive(page);
    });
    after(() => world?.stop());

    test('somebody signs in, and the page greets', async () => {
      await page.goto(home);
      await read(page, /Nobody is signed in/);
      await press(page, '#sign-in');
      await press(page, '#consent-allow');
      await read(page, /Hello, Jane Doe/);
      assert.equal(page.url(), home, 'no code is left in the address');
    });

    test('an answer that nobody asked for is not taken', async () => {
      await page.goto(`${home}?code=x&state=forged&iss=x`);
      await read(page, /did not work: This window did not ask/);
    });

    test('signing out ends the session at Watchbell, too', async () => {
      await press(page, '#sign-in');
      await read(page, /Hello, Jane Doe/);
      await press(page, '#sign-out');
      await read(page, /Nobody is signed in/);
      await press(page, '#sign-in');
      await see(page, '#login-form');
    });
  });
}
