// The desktop as a browser sees it: a session bus of its own with a stand-in for the notification daemon.
// What a browser shows lands here as data, and a "click" here is a click to the browser.
// Source: Desktop Notifications Specification 1.2.

import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';

import { Bus } from './dbus.mjs';
import { ended, until } from './waiting.mjs';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const CAPABILITIES = ['actions', 'body', 'body-hyperlinks', 'body-markup', 'icon-static', 'persistence'];
const DISMISSED = 2;
const CRITICAL = 2;

const CONFIG = (socket) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

/**
 * One desktop.
 *
 * A notification is `{id, shown, app, summary, body, actions: {key: label}, stays, at}`; `shown` turns false when it is
 * closed, `stays` says that the desktop must not take it away by itself.
 */
export class Desktop extends EventEmitter {
  /** All notifications ever shown, oldest first. */
  notifications = [];
  #daemon;
  #bus;

  /** Starts the bus and the stand-in; files go to `folder`. */
  static async start(folder) {
    const desktop = new Desktop();
    const socket = path.join(folder, 'bus');
    await fs.writeFile(path.join(folder, 'bus.conf'), CONFIG(socket));
    desktop.address = `unix:path=${socket}`;
    desktop.#daemon = spawn('dbus-daemon', ['--nofork', `--config-file=${path.join(folder, 'bus.conf')}`], { stdio: 'ignore' });
    desktop.#bus = await until('the session bus answers', () => Bus.connect(socket).catch(() => null));
    desktop.#bus.on('call', (message, reply) => desktop.#answer(message, reply));
    await desktop.#bus.call('RequestName', 'su', NAME, 0);
    return desktop;
  }

  /** The environment in which a browser finds this desktop and no other. */
  get environment() {
    return { DBUS_SESSION_BUS_ADDRESS: this.address };
  }

  #answer(message, reply) {
    if (message.member === 'Notify' && message.signature === 'susssasa{sv}i') {
      reply('u', this.#notify(message.body));
    } else if (message.member === 'CloseNotification') {
      reply('');
    } else if (message.member === 'GetCapabilities') {
      reply('as', CAPABILITIES);
    } else if (message.member === 'GetServerInformation') {
      reply('ssss', 'desktop', 'watchbell tests', '1.0', '1.2');
    } else if (message.member === 'Ping') {
      reply('');
    } else {
      this.#bus.refuse(message, 'org.freedesktop.DBus.Error.UnknownMethod');
    }
  }

  #notify([app, replaces, , summary, body, actions, hints, expires]) {
    const old = this.notifications.find((one) => one.id === replaces);
    if (old) old.shown = false;
    const labels = {};
    for (let at = 0; at + 1 < actions.length; at += 2) labels[actions[at]] = actions[at + 1];
    const id = replaces || this.notifications.length + 1;
    const notification = { id, shown: true, app, summary, body, actions: labels, stays: expires === 0 || hints.urgency === CRITICAL, at: Date.now() };
    this.notifications.push(notification);
    this.emit('notification', notification);
    return id;
  }

  #close(id, reason) {
    for (const one of this.notifications) if (one.id === id) one.shown = false;
    this.#bus.signal(PATH, NAME, 'NotificationClosed', 'uu', id, reason);
  }

  /** Waits until a notification whose title or body matches is on the screen. */
  shown(pattern, milliseconds = 15_000) {
    return until(`a notification that matches ${pattern} (shown: ${JSON.stringify(this.notifications.map((one) => one.summary))})`,
      () => this.notifications.find((one) => one.shown && (pattern.test(one.summary) || pattern.test(one.body))), milliseconds);
  }

  /** Clicks the body of a notification, or the action with this label. */
  click(notification, label) {
    const key = label === undefined ? 'default' : Object.keys(notification.actions).find((one) => notification.actions[one] === label);
    if (key === undefined) throw new Error(`no action ${label} among ${JSON.stringify(notification.actions)}`);
    this.#bus.signal(PATH, NAME, 'ActionInvoked', 'us', notification.id, key);
    this.#close(notification.id, DISMISSED);
  }

  /** Takes a notification off the screen without answering it. */
  dismiss(notification) {
    this.#close(notification.id, DISMISSED);
  }

  async stop() {
    this.#bus?.close();
    await ended(this.#daemon);
  }
}
