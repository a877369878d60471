// Notices in this browser: on, off, test; and keeping what the server rings in step with what the browser has.
import { all, meta, say, send } from "./lib";

const API = "/account/api/push/";
/** The last notice still has to arrive before the subscription goes. */
const LAST_NOTICE_MS = 10_000;

type State = "unsupported" | "install" | "blocked" | "on" | "off";
type Policy = { createScriptURL(url: string): string };
type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const vapid = meta("vapid");
const status = document.querySelector<HTMLElement>("[data-push-status]");
/** Hash of the endpoint that the server rings here. */
let rung = meta("push-endpoint");
let wanted = meta("push-wanted") === "true";

const base64url = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const hash = async (text: string) => base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** The worker's address as a trusted one (Trusted Types), where the browser wants that. */
const workerUrl = () => {
  const types = (window as unknown as { trustedTypes?: Factory }).trustedTypes;
  const only = (url: string) => {
    if (url !== "/sw.js") throw new TypeError(url);
    return url;
  };
  return types ? types.createPolicy("watchbell", { createScriptURL: only }).createScriptURL("/sw.js") : "/sw.js";
};

let registering: Promise<ServiceWorkerRegistration> | undefined;
const register = () => (registering ??= navigator.serviceWorker.register(workerUrl(), { scope: "/" }));

const current = async () => {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
};

const subscribe = async () => {
  await register();
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  // One key per subscription: another one needs a new subscription.
  const key = old?.options.applicationServerKey;
  if (old && key && base64url(key) !== vapid) await old.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapid });
};

const state = async (): Promise<State> => {
  if (!able) return /iPhone|iPad/.test(navigator.userAgent) && !("PushManager" in window) ? "install" : "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const subscription = await current();
  return subscription && rung && (await hash(subscription.endpoint)) === rung ? "on" : "off";
};

const paint = async () => {
  const now = await state();
  for (const part of all("[data-when]")) part.hidden = !part.dataset.when!.split(" ").includes(now);
};

const busy = (on: boolean) => {
  for (const button of all<HTMLButtonElement>("[data-push]")) button.disabled = on;
};

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("watchbell-push") : undefined;
// Other tabs of the account's own pages that show how notices stand here look again.
if (tabs) tabs.onmessage = () => document.querySelector(".shell [data-push]") && location.reload();

const act = async (work: () => Promise<string>) => {
  busy(true);
  say(status, "");
  try {
    const done = await work();
    say(status, done);
    if (done === "on" || done === "off") tabs?.postMessage(done);
  } catch {
    say(status, "failed");
  } finally {
    busy(false);
    await paint();
  }
};

/** Lets the browser's subscription go, once the last notice had its time. */
let leaving: ReturnType<typeof setTimeout> | undefined;
const leave = (subscription: PushSubscription) => {
  leaving = setTimeout(() => void subscription.unsubscribe(), LAST_NOTICE_MS);
};

const turnOn = async () => {
  clearTimeout(leaving);
  const permission = await Notification.requestPermission();
  // Once it is blocked the page says so by itself, and what to do about it.
  if (permission !== "granted") return permission === "denied" ? "" : "refused";
  const subscription = await subscribe();
  const answer = await send("POST", `${API}subscriptions`, { subscription: subscription.toJSON() });
  if (!answer.ok) {
    await subscription.unsubscribe();
    return "failed";
  }
  rung = await hash(subscription.endpoint);
  wanted = true;
  return "on";
};

const turnOff = async () => {
  const subscription = await current();
  const answer = await send("DELETE", `${API}subscriptions`, { endpoint: subscription?.endpoint ?? null });
  if (!answer.ok) return "failed";
  rung = "";
  wanted = false;
  if (subscription) leave(subscription);
  return "off";
};

const test = async () => {
  const answer = await send("POST", `${API}test`, {});
  return answer.ok ? "sent" : answer.status === 429 ? "later" : "failed";
};

/** Puts right what drifted apart: a renewed endpoint, a new key, a sign-out, a removal from another browser. */
const settle = async () => {
  if (!able || !vapid) return;
  const subscription = await current();
  const key = subscription?.options.applicationServerKey;
  const same = subscription && (!key || base64url(key) === vapid) && (await hash(subscription.endpoint)) === rung;
  if (same) {
    await register();
    return;
  }
  if (wanted && Notification.permission === "granted") {
    const renewed = await subscribe();
    const answer = await send("POST", `${API}rotate`, { old: subscription?.endpoint ?? null, new: renewed.toJSON() });
    if (answer.ok) rung = await hash(renewed.endpoint);
  } else if (subscription && !wanted) {
    leave(subscription);
  }
};

const actions: Record<string, () => Promise<string>> = { on: turnOn, off: turnOff, test };
for (const button of all<HTMLButtonElement>("[data-push]"))
  button.addEventListener("click", () => void act(actions[button.dataset.push!]!));

void settle()
  .catch(() => {})
  .then(paint);
if (able)
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((permission) => (permission.onchange = () => void paint()))
    .catch(() => {});
