// What a person does on a page: read, type, press.

import { pause, until } from './waiting.mjs';

/** Asks a page something; a page that is just being left answers nothing. */
async function ask(page, work) {
  try {
    return await work();
  } catch (error) {
    // Between two pages there is nobody to ask; anything else comes up when the wait is over.
    if (/context|destroyed|navigat|detached|no such|Cannot find|closed|discarded/i.test(error.message)) return null;
    throw error;
  }
}

const visible = (selector) => {
  const element = document.querySelector(selector);
  return Boolean(element?.checkVisibility?.() ?? element?.getClientRects().length);
};

/** What the person reads now. */
export const text = async (page) => (await ask(page, () => page.evaluate(() => document.body?.innerText))) ?? '';

/** Waits until one of these selectors is on the page, and answers which. */
export async function see(page, ...selectors) {
  try {
    return await until(selectors.join(' or '), async () => {
      for (const selector of selectors) if (await ask(page, () => page.evaluate(visible, selector))) return selector;
      return null;
    });
  } catch (error) {
    throw new Error(`${error.message}; at ${page.url()} there is:\n${await text(page)}`);
  }
}

/** Waits until the page says something that matches. */
export function read(page, pattern, milliseconds) {
  return until(`${pattern} on ${page.url()}`, async () => pattern.exec(await text(page)), milliseconds);
}

/** Empties a field and puts the caret there; false when it is gone. */
const emptied = (selector) => {
  const input = document.querySelector(selector);
  if (!input) return false;
  input.value = '';
  input.focus();
  return true;
};

/** Types into fields, by their ids. */
export async function fill(page, fields) {
  for (const [id, value] of Object.entries(fields)) {
    // A field may be on a page that is just being left: then it is filled in on the next one, from its beginning.
    await until(`#${id}`, async () => {
      await see(page, `#${id}`);
      return ask(page, async () => {
        if (!(await page.evaluate(emptied, `#${id}`))) return null;
        await page.keyboard.type(value);
        return true;
      });
    });
  }
}

/** Types a code. Its page sends it by itself when it is complete, so that nothing is pressed, and nothing asked of the page. */
export async function typeCode(page, code) {
  await until('#code', async () => {
    await see(page, '#code');
    return ask(page, () => page.evaluate(emptied, '#code'));
  });
  await page.keyboard.type(code);
}

/** Brings an element into view, waits until its page was painted, and answers where its middle is; null when it is gone or moves. */
async function settled(selector) {
  const element = document.querySelector(selector);
  if (!element) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  // Browsers drop what is clicked before a page has been painted; a page in the background paints seldom.
  const painted = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const loaded = document.readyState === 'complete' || new Promise((resolve) => addEventListener('load', resolve, { once: true }));
  await Promise.race([Promise.all([painted, loaded]), new Promise((resolve) => setTimeout(resolve, 1000))]);
  // Of a link that is broken over two lines: its first line.
  const box = () => [...element.getClientRects()].find((one) => one.width > 0 && one.height > 0);
  const first = box();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const last = box();
  window.pressed = false;
  element.addEventListener('click', () => { window.pressed = true; }, { once: true, capture: true });
  // What still moves, because something above it has just appeared, would be missed; so would what that has pushed out of sight.
  if (!first || !last || first.x !== last.x || first.y !== last.y) return null;
  const middle = { x: last.x + last.width / 2, y: last.y + last.height / 2 };
  return middle.y >= 0 && middle.y < innerHeight && middle.x >= 0 && middle.x < innerWidth ? middle : null;
}

/** Presses what this selector finds, as a person does: with the mouse, once it is there. */
export async function press(page, selector) {
  // A click on a notice may have opened another page in front of this one.
  await page.bringToFront();
  // What is seen may be on a page that is just being left: then it is looked for on the next one.
  await until(selector, async () => {
    await see(page, selector);
    return ask(page, async () => {
      // By place and not by a handle: a handle of a page that is being left fails behind everybody's back.
      const place = await page.evaluate(settled, selector);
      if (!place) return null;
      await page.mouse.click(place.x, place.y);
      // What moved in that very moment was missed. On a page that it led to, nobody knows of it.
      return (await ask(page, () => page.evaluate(() => window.pressed))) !== false;
    });
  });
  await pause(60);
}

/** The page of this browser whose address contains a word, once there is one: a click on a notice opens it. */
export function opened(browser, word) {
  return until(`a page at ${word}`, async () => (await browser.browser.pages()).findLast((page) => page.url().includes(word)));
}
