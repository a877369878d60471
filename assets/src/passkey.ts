// Signing in with a passkey or a security key: by the button, and by autofill on the address field.
import { all, say, send } from "./lib";

const PublicKey = window.PublicKeyCredential;
const able = !!PublicKey?.parseRequestOptionsFromJSON;

/** What the browser's errors mean to a person. It does not tell a "no" from a wait that was too long: the clock does. */
const meaning = (error: unknown, late: boolean) => {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return late ? "late" : "cancelled";
  return name === "SecurityError" || name === "NotSupportedError" ? "unsupported" : "failed";
};

const field = (name: string) => document.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value;

for (const box of all("[data-passkey]")) {
  const { passkey: url, flow, stage } = box.dataset as Record<string, string>;
  const status = box.querySelector<HTMLElement>("[role=status]");
  const button = box.querySelector("button")!;
  let asking: AbortController | undefined;

  /** One ceremony, from the challenge to the answer. Answers with the word for what went wrong. */
  const ceremony = async (mediation?: "conditional") => {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    const asked = await send("POST", `${url}/options`, { flow, stage });
    const options = await asked.json();
    // Nobody who did not press a button is told of what they did not ask for.
    if (!asked.ok) return mediation ? "" : (options.error as string);
    const begun = Date.now();
    let credential: PublicKeyCredential;
    try {
      const publicKey = PublicKey.parseRequestOptionsFromJSON(options);
      credential = (await navigator.credentials.get({ publicKey, signal, ...(mediation && { mediation }) })) as PublicKeyCredential;
    } catch (error) {
      // A ceremony that gave way to another says nothing.
      return signal.aborted || mediation ? "" : meaning(error, Date.now() - begun >= options.timeout);
    }
    const answered = await send("POST", url!, { flow, credential, push_state: field("push_state"), time_zone: field("time_zone") });
    const answer = await answered.json();
    if (answered.ok) location.assign(answer.to);
    // The server is certain: nobody has this passkey any more. The password manager may forget it.
    if (answer.forget) await PublicKey.signalUnknownCredential?.({ rpId: options.rpId, credentialId: credential.id }).catch(() => {});
    return (answer.error ?? "done") as string;
  };

  const run = async (mediation?: "conditional"): Promise<void> => {
    if (!mediation) button.setAttribute("aria-busy", "true");
    const word = await ceremony(mediation).catch(() => (mediation ? "" : "failed"));
    if (word === "done") return;
    // An autofill that gave way to the button leaves it busy.
    if (!mediation) button.removeAttribute("aria-busy");
    // Over, or another browser's: the page itself says what then.
    if (word === "flow_gone") return location.reload();
    if (word && status) {
      say(status, word in status.dataset ? word : "failed");
      status.hidden = false;
    }
    // Autofill waits again after whatever a person did; what failed by itself is left alone.
    if (!mediation || word) await arm();
  };

  const arm = async () => {
    if ("autofill" in box.dataset && (await PublicKey.isConditionalMediationAvailable?.())) await run("conditional");
  };

  if (able) {
    button.addEventListener("click", () => {
      if (status) status.hidden = true;
      void run();
    });
    void arm();
    addEventListener("pageshow", (event) => {
      if (event.persisted) void arm();
    });
  } else if (status && stage === "second") {
    say(status, "unsupported");
    status.hidden = button.hidden = false;
    button.hidden = true;
  } else {
    box.hidden = true;
  }
}
