// Passkeys and security keys: adding one, on the account's page or on the way in, and telling the browser which still count.
import { all, meta, say, send } from "./lib";

const PublicKey = window.PublicKeyCredential;
const status = document.querySelector<HTMLElement>("[data-keys-status]");

/** What the browser's errors mean to a person. */
const meaning = (error: unknown, late: boolean) => {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return late ? "late" : "cancelled";
  if (name === "InvalidStateError") return "exists";
  return name === "SecurityError" || name === "NotSupportedError" ? "unsupported" : "failed";
};

const add = async ({ keyAdd: kind, api = "/account/api/keys", flow }: DOMStringMap) => {
  const asked = await send("POST", `${api}/options`, { kind, flow });
  // Signed out meanwhile: the page leads to the sign-in, and back.
  if (asked.status === 401) return location.reload();
  const options = await asked.json();
  // Who they are has to be proven first, and the way leads back here.
  if (options.to) return location.assign(options.to);
  if (!asked.ok) return refused(options.error);
  const begun = Date.now();
  let credential: PublicKeyCredential;
  try {
    const publicKey = PublicKey.parseCreationOptionsFromJSON(options);
    credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  } catch (error) {
    return meaning(error, Date.now() - begun >= options.timeout);
  }
  const answered = await send("POST", api, { credential, flow });
  const answer = await answered.json();
  if (answer.to) return location.assign(answer.to);
  // It was made and not taken: it must not lie about in the password manager.
  if (answer.forget) await PublicKey.signalUnknownCredential?.({ rpId: options.rp.id, credentialId: credential.id }).catch(() => {});
  return refused(answer.error);
};

/** A sign-in that is over: the page itself says so. */
const refused = (word: string) => (word === "flow_gone" || word === "other_browser" ? location.reload() : word);

const tell = (word: string) => {
  if (!status) return;
  say(status, word in status.dataset ? word : "failed");
  status.hidden = false;
};

const buttons = all<HTMLButtonElement>("[data-key-add]");
if (PublicKey?.parseCreationOptionsFromJSON)
  for (const button of buttons)
    button.addEventListener("click", async () => {
      for (const one of buttons) one.disabled = true;
      if (status) status.hidden = true;
      const word = await add(button.dataset).catch(() => "failed");
      if (!word) return;
      for (const one of buttons) one.disabled = false;
      tell(word);
    });
else {
  for (const button of buttons) (button.closest<HTMLElement>("[data-key-way]") ?? button).hidden = true;
  if (buttons.length) tell("unsupported");
}

// What is removed here disappears from the password manager, and a new name or address appears there.
const signal = async (known: { rpId: string; userId: string; ids: string[]; name: string; displayName: string }) => {
  const { rpId, userId, ids, name, displayName } = known;
  await PublicKey?.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds: ids });
  await PublicKey?.signalCurrentUserDetails?.({ rpId, userId, name, displayName });
};
const known = meta("keys");
if (known) void signal(JSON.parse(known)).catch(() => {});
