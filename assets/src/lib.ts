// What the modules share.

export const all = <T extends HTMLElement>(selector: string) => document.querySelectorAll<T>(selector);

export const meta = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";

/** A JSON request to our own API. Forgery is refused by the server on Origin and Sec-Fetch-Site. */
export const send = (method: string, url: string, body: unknown) =>
  fetch(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Says something politely, in words that the page brought along: `data-KEY` of the element. */
export const say = (where: HTMLElement | null, key: string) => {
  if (where) where.textContent = where.dataset[key] ?? "";
};
