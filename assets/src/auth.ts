// The sign-in pages, a little more comfortable. Every page works without this file.
import { all } from "./lib";

// Show and hide a password, and say when Caps Lock is on.
for (const box of all("[data-reveal]")) {
  const input = box.querySelector("input")!;
  const button = box.querySelector("button")!;
  const hint = box.parentElement!.querySelector<HTMLElement>("[data-caps]");
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    button.textContent = (show ? button.dataset.hide : button.dataset.show) ?? "";
    input.focus();
  });
  // A password manager must see a password field.
  input.form?.addEventListener("submit", () => (input.type = "password"));
  const caps = (event: KeyboardEvent) => {
    if (hint && event.getModifierState) hint.hidden = !event.getModifierState("CapsLock");
  };
  input.addEventListener("keydown", caps);
  input.addEventListener("keyup", caps);
  input.addEventListener("blur", () => hint && (hint.hidden = true));
}

// The rules of a new password, ticked off while it is typed. The server decides.
for (const list of all("[data-rules]")) {
  const form = list.closest("form")!;
  const value = (name: string) => form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.toLowerCase().trim() ?? "";
  const paint = () => {
    const password = value("password");
    const mine = [value("username").split("@")[0]!, value("name"), ...value("name").split(/\s+/), value("brand")];
    const met: Record<string, boolean> = {
      length: [...password].length >= Number(list.dataset.rules),
      yours: password !== "" && !mine.some((word) => word.length > 2 && password.includes(word)),
    };
    for (const item of list.querySelectorAll<HTMLElement>("[data-rule]"))
      item.toggleAttribute("data-met", met[item.dataset.rule!] ?? false);
  };
  form.addEventListener("input", paint);
  paint();
}

// One submit is enough; back and forward wakes the buttons again.
for (const form of document.forms)
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (button?.getAttribute("aria-busy")) event.preventDefault();
    else button?.setAttribute("aria-busy", "true");
  });
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const busy of all("[aria-busy]")) busy.removeAttribute("aria-busy");
});

for (const select of all<HTMLSelectElement>("select[data-autosubmit]"))
  select.addEventListener("change", () => select.form!.requestSubmit());

// A code has six digits: then it is complete.
for (const code of all<HTMLInputElement>("input[data-code]"))
  code.addEventListener("input", () => {
    if (/^\d{6}$/.test(code.value.replace(/\s/g, ""))) code.form!.requestSubmit();
  });

// What the server can't know: whether the browser could show notices, and where its clock stands.
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
for (const field of all<HTMLInputElement>("input[name=push_state]")) field.value = able ? Notification.permission : "unsupported";
for (const field of all<HTMLInputElement>("input[data-zone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

// "Check your mail": goes on by itself once the link was opened elsewhere.
for (const waiting of all("[data-poll]")) {
  const ask = async () => {
    try {
      const answer = await fetch(waiting.dataset.poll!);
      if (answer.ok && (await answer.json()).confirmed) return location.reload();
      // The flow is over: the page itself says so.
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return location.reload();
    } catch {
      // Offline for a moment: ask again.
    }
    setTimeout(ask, document.hidden ? 15000 : 4000);
  };
  setTimeout(ask, 4000);
}

// A change that waits for a yes elsewhere: goes on by itself once something has come of it.
for (const waiting of all("[data-wait]")) {
  const page = waiting.dataset.wait!;
  const source = new EventSource(`${page}/state?seen=${waiting.dataset.seen}`);
  const go = () => {
    source.close();
    location.assign(page);
  };
  source.addEventListener("moved", go);
  // Closed for good: it is over, and the page says how, or the session is.
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && go());
}
