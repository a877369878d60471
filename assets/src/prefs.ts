// The switches of topic × channel, and the quiet times, save at once. Without this file they are forms with a Save button.
import { all, say, send } from "./lib";

interface State {
  rev: number;
  topics: Record<string, Record<string, { on: boolean }>>;
  quiet: { hours: { from: string; until: string } | null; security_rings: boolean; hide_details: boolean };
}

const API = "/account/api/preferences";
const matrix = document.querySelector<HTMLFormElement>("form[data-prefs]");
const quiet = document.querySelector<HTMLFormElement>("form[data-quiet]");
const said = document.querySelector<HTMLElement>("[data-prefs-status]");
const saidOfQuiet = document.querySelector<HTMLElement>("[data-quiet-status]");
const changed = document.querySelector<HTMLElement>("[data-changed]");
const revisions = all<HTMLInputElement>("input[name=rev]");
const revision = () => Number(revisions[0]?.value);
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("watchbell-preferences") : undefined;

/** A change of one thing, on what this page saw; the state that follows, and whether it was another browser's. */
const patch = async (change: object): Promise<{ state: State; stale: boolean }> => {
  const answer = await send("PATCH", API, { ...change, rev: revision() });
  if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
  return { state: await answer.json(), stale: answer.status === 409 };
};

const take = (state: State) => {
  for (const input of revisions) input.value = String(state.rev);
  for (const box of matrix!.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    const [topic, channel] = box.name.split("/");
    box.checked = state.topics[topic!]![channel!]!.on;
  }
};

const saved = (where: HTMLElement | null, key: string) => {
  say(where, key);
  if (changed) changed.textContent = changed.dataset.changed!;
  tabs?.postMessage(revision());
};

/** A switch has two ways only: what another browser changed meanwhile is kept, and this one is thrown all the same. */
const save = async (box: HTMLInputElement) => {
  const [topic, channel] = box.name.split("/");
  const on = box.checked;
  try {
    for (let key = "saved", tries = 0; tries < 3; key = "stale", tries += 1) {
      const { state, stale } = await patch({ topic, channel, on });
      take(state);
      if (!stale) return saved(said, key);
      box.checked = on;
    }
    throw new Error("busy");
  } catch {
    box.checked = !on;
    say(said, "failed");
  }
};

const field = (name: string) => quiet!.elements.namedItem(name) as HTMLInputElement;

/** All of the quiet times at once: they are read together. Stale ones stay in the fields, and are saved by the next touch. */
const saveQuiet = async () => {
  const [from, until] = [field("from").value, field("until").value];
  const wrong = field("hours").checked && (!from || !until || from === until);
  for (const name of ["from", "until"]) field(name).ariaInvalid = wrong ? "true" : null;
  document.getElementById("quiet-error")!.hidden = !wrong;
  if (wrong) return;
  const wish = {
    hours: field("hours").checked ? { from, until } : null,
    security_rings: field("security_rings").checked,
    hide_details: field("hide_details").checked,
  };
  try {
    const { state, stale } = await patch({ quiet: wish });
    take(state);
    const before = seen;
    seen = state.quiet;
    if (!stale) return saved(saidOfQuiet, "saved");
    // Only another browser's switch: the quiet times are as they were here, or as they are wanted.
    if (same(seen, before) || same(seen, wish)) return saveQuiet();
    say(saidOfQuiet, "stale");
  } catch {
    say(saidOfQuiet, "failed");
  }
};

const same = (one: State["quiet"], other: State["quiet"]) =>
  one.hours?.from === other.hours?.from &&
  one.hours?.until === other.hours?.until &&
  one.security_rings === other.security_rings &&
  one.hide_details === other.hide_details;

const shown = (): State["quiet"] => ({
  hours: field("hours").defaultChecked ? { from: field("from").defaultValue, until: field("until").defaultValue } : null,
  security_rings: field("security_rings").defaultChecked,
  hide_details: field("hide_details").defaultChecked,
});
/** The quiet times that this page saw. */
let seen: State["quiet"];

// One after the other: each change names the revision that the one before it made.
let line = Promise.resolve();

if (matrix && quiet) {
  seen = shown();
  matrix.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    line = line.then(() => save(box));
  });
  quiet.addEventListener("change", () => {
    line = line.then(saveQuiet);
  });
  // Thrown while this file was on its way: nobody has saved it. (The forms are autocomplete=off, so nothing else differs.)
  for (const box of matrix.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    if (box.checked !== box.defaultChecked) line = line.then(() => save(box));
  }
  if ([...quiet.elements].some((one) => one instanceof HTMLInputElement && (one.checked !== one.defaultChecked || one.value !== one.defaultValue))) {
    line = line.then(saveQuiet);
  }
}
// A form that was sent, too, makes the page new: whatever tab has an older one looks again.
if (tabs) {
  tabs.onmessage = (event) => Number(event.data) > revision() && location.reload();
  tabs.postMessage(revision());
}
