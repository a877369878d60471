// Recovery codes: print and copy. Without this file, the browser's menu prints, and the link downloads.
import { all } from "./lib";

for (const button of all<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of all<HTMLButtonElement>("[data-copy]")) {
  const list = document.getElementById(button.dataset.copy!);
  const said = document.querySelector<HTMLElement>("[data-copied]");
  button.hidden = !list || !navigator.clipboard;
  button.addEventListener("click", async () => {
    const codes = [...list!.querySelectorAll("code")].map((code) => code.textContent);
    await navigator.clipboard.writeText(codes.join("\n"));
    if (said) said.textContent = said.dataset.copied ?? "";
  });
}
