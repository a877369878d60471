// The switches of topic × channel save at once. Without this file they are a form with a Save button.
import { all, say, send } from "./lib";

const form = document.querySelector<HTMLFormElement>("form[data-prefs]");
const status = document.querySelector<HTMLElement>("[data-prefs-status]");
const revision = form?.querySelector<HTMLInputElement>("[name=rev]");
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("watchbell-preferences") : undefined;

// One after the other: each change names the revision that the one before it made.
let line = Promise.resolve();

const save = async (box: HTMLInputElement) => {
  const [topic, channel] = box.name.split("/");
  try {
    const answer = await send("PATCH", "/account/api/preferences", {
      topic,
      channel,
      on: box.checked,
      rev: Number(revision!.value),
    });
    if (answer.ok) {
      revision!.value = String((await answer.json()).rev);
      say(status, "saved");
      tabs?.postMessage(revision!.value);
    } else if (answer.status === 409) {
      say(status, "stale");
      setTimeout(() => location.reload(), 1500);
    } else {
      box.checked = !box.checked;
      say(status, "failed");
    }
  } catch {
    box.checked = !box.checked;
    say(status, "failed");
  }
};

if (form && revision)
  for (const box of all<HTMLInputElement>("form[data-prefs] input[type=checkbox]"))
    box.addEventListener("change", () => {
      line = line.then(() => save(box));
    });
if (tabs) tabs.onmessage = (event) => event.data !== revision?.value && location.reload();
