// The service worker: shows a notice for every push, and does what its buttons say.
//
// The payload has the declarative form (https://www.w3.org/TR/push-api/#declarative-push-message), which newer
// browsers show by themselves; the others come through here with the same JSON.
export {};
declare const self: ServiceWorkerGlobalScope;

const RECEIPTS = "/account/receipts";
const API = "/account/api/push/";

interface Button {
  action: string;
  title: string;
  navigate?: string;
}
/** What a button does before it leads somewhere: a POST to our own origin. */
interface Deed {
  action: string;
  post?: string;
  navigate?: string;
}
interface Message {
  title: string;
  body?: string;
  navigate: string;
  tag?: string;
  lang?: string;
  dir?: NotificationDirection;
  silent?: boolean;
  requireInteraction?: boolean;
  renotify?: boolean;
  timestamp?: number;
  icon?: string;
  actions?: Button[];
  data?: { actions?: Deed[]; receipt?: string };
}

/** A browser that gets a push and shows nothing loses its permission: unreadable ones are shown, too. */
const UNREADABLE: Message = { title: "Security notice", body: "Open your account to see it.", navigate: "/account/activity" };

const read = (event: PushEvent): Message => {
  try {
    const message = event.data?.json()?.notification;
    return message?.title && message.navigate ? message : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
};

/** An address of our own origin; anything else leads to the account. */
const own = (url: string | undefined) => {
  try {
    const full = new URL(url ?? "/account", self.location.origin);
    return full.origin === self.location.origin ? full.href : "/account";
  } catch {
    return "/account";
  }
};

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const message = read(event);
  const most = (Notification as unknown as { maxActions?: number }).maxActions ?? 0;
  const options = {
    body: message.body ?? "",
    lang: message.lang ?? "",
    dir: message.dir ?? "auto",
    silent: message.silent ?? false,
    requireInteraction: message.requireInteraction ?? false,
    icon: message.icon ? own(message.icon) : "/a/icon.png",
    badge: "/a/badge.png",
    actions: (message.actions ?? []).slice(0, most).map(({ action, title }) => ({ action, title })),
    data: {
      navigate: message.navigate,
      actions: message.actions ?? [],
      deeds: message.data?.actions ?? [],
      receipt: message.data?.receipt,
    },
    ...(message.tag ? { tag: message.tag, renotify: message.renotify ?? !message.silent } : {}),
    ...(message.timestamp ? { timestamp: message.timestamp } : {}),
  };
  const shown = self.registration.showNotification(message.title, options);
  event.waitUntil(shown.then(() => tell(options.data.receipt, "shown")));
});

const post = (url: string, method = "POST", body: unknown = {}) =>
  fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Says what became of a notice. It changes nothing for the person, so that nothing waits for it to arrive. */
const tell = async (receipt: string | undefined, got: "shown" | "clicked") => {
  if (receipt) await post(RECEIPTS, "POST", { receipt, got }).catch(() => undefined);
};

const open = async (url: string) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((client) => client.url === url);
  if (there) await there.focus();
  else await self.clients.openWindow(url);
};

const turnOff = async () => {
  const subscription = await self.registration.pushManager.getSubscription();
  const answer = await post(`${API}subscriptions`, "DELETE", { endpoint: subscription?.endpoint ?? null });
  return answer.ok;
};

const clicked = async (action: string, data: { navigate?: string; actions?: Button[]; deeds?: Deed[] }) => {
  const button = data.actions?.find((one) => one.action === action);
  const deed = data.deeds?.find((one) => one.action === action);
  if (action === "ok") return;
  let next = deed?.navigate ?? button?.navigate ?? data.navigate;
  try {
    if (deed?.post) {
      const answer = await post(own(deed.post));
      // It did not work from here: the page behind the notice has the same buttons, and says why.
      if (!answer.ok) next = data.navigate;
    } else if (action === "off") {
      await turnOff();
    }
  } catch {
    next = data.navigate;
  }
  await open(own(next));
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const data = event.notification.data ?? {};
  event.waitUntil(Promise.all([clicked(event.action, data), tell(data.receipt, "clicked")]));
});

interface Change extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

self.addEventListener("pushsubscriptionchange", ((event: Change) => {
  const renew = async () => {
    const old = event.oldSubscription ?? null;
    let fresh = event.newSubscription ?? null;
    if (!fresh) {
      // Not every browser tells what the old one was made with.
      const key = old?.options.applicationServerKey ?? (await (await fetch(`${API}subscriptions`)).json()).vapid_key;
      fresh = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    }
    const answer = await post(`${API}rotate`, "POST", { old: old?.endpoint ?? null, new: fresh.toJSON() });
    // Switched off meanwhile: nobody rings it.
    if (answer.status === 409) await fresh.unsubscribe();
  };
  event.waitUntil(renew());
}) as EventListener);
