// The rig itself, on a tiny page: what it does not carry, no story on top of it can prove.

import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { after, before, describe, test } from 'node:test';

import webPush from 'web-push';

import { until } from './rig/waiting.mjs';
import { World } from './rig/world.mjs';

const PAGE = '<!doctype html><title>A tiny page</title><h1>A tiny page</h1>';
const WORKER = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => {
  const { title, body } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, actions: [{ action: 'yes', title: 'Yes' }, { action: 'no', title: 'No' }] }));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(fetch('/clicked?' + (event.action || 'body'), { method: 'POST' }));
});`;

/** A site with a page, a service worker, and a list of the clicks that its worker reported. */
async function startSite() {
  const clicks = [];
  const server = http.createServer((request, response) => {
    if (request.method === 'POST') clicks.push(request.url.split('?')[1]);
    const worker = request.url === '/sw.js';
    response.writeHead(200, { 'content-type': worker ? 'text/javascript' : 'text/html' }).end(worker ? WORKER : PAGE);
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  const stop = () => new Promise((resolve) => { server.closeAllConnections?.(); server.close(resolve); });
  return { origin: `http://localhost:${server.address().port}`, clicks, stop };
}

/** In the page: asks the browser for a subscription. */
async function subscribe(key) {
  await navigator.serviceWorker.register('/sw.js');
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return JSON.stringify(subscription);
}

for (const kind of ['firefox', 'chromium']) {
  describe(`the rig with ${kind}`, () => {
    const keys = webPush.generateVAPIDKeys();
    let world;
    let site;
    let browser;
    let subscription;

    before(async () => {
      world = await World.make();
      site = await startSite();
      browser = await world.browser(kind, [site.origin]);
      const page = await browser.page();
      await page.goto(site.origin);
      subscription = JSON.parse(await page.evaluate(subscribe, keys.publicKey));
    });
    after(async () => {
      await site?.stop();
      await world?.stop();
    });

    /** Sends a message to the subscription, as an application server does. */
    function send(payload, changes = {}) {
      const vapidDetails = { subject: 'mailto:ops@example.org', ...keys };
      const { endpoint, ...request } = webPush.generateRequestDetails(subscription, JSON.stringify(payload), { vapidDetails, TTL: 60 });
      const url = new URL(endpoint);
      return new Promise((resolve, reject) => {
        const headers = { ...request.headers, host: url.host, ...changes };
        https.request({ host: '127.0.0.1', port: world.push.port, servername: url.hostname, ca: world.certificates.ca, method: 'POST', path: url.pathname, headers },
          (response) => resolve(response.resume().statusCode)).on('error', reject).end(request.body);
      });
    }

    test('an encrypted message is shown on the desktop with its actions', async () => {
      assert.equal(await send({ title: 'New sign-in', body: 'Was this you?' }), 201);
      const shown = await browser.desktop.shown(/New sign-in/);
      assert.match(shown.body, /Was this you\?/);
      const labels = Object.values(shown.actions);
      assert.ok(labels.includes('Yes') && labels.includes('No'), JSON.stringify(shown.actions));
    });

    test('a click on an action reaches the service worker', async () => {
      browser.desktop.click(await browser.desktop.shown(/New sign-in/), 'No');
      await until('the worker reports the action', () => site.clicks.includes('no'));
    });

    test('a click on the notification reaches the service worker', async () => {
      assert.equal(await send({ title: 'Another sign-in', body: 'Once more' }), 201);
      browser.desktop.click(await browser.desktop.shown(/Another sign-in/));
      await until('the worker reports the click', () => site.clicks.includes('body'));
    });

    test('the push service refuses what is not signed with the key of the subscription', async () => {
      assert.equal(await send({ title: 'x' }, { authorization: 'vapid t=a.b.c, k=AAAA' }), 401);
      assert.equal(await send({ title: 'x' }, { ttl: 'soon' }), 400);
    });
  });
}
