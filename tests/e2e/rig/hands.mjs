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

/** Types into fields, by their ids. */
export async function fill(page, fields) {
  for (const [id, value] of Object.entries(fields)) {
    // A field may be on a page that is just being left: then it is filled in on the next one, from its beginning.
    await until(`#${id}`, async () => {
      await see(page, `#${id}`);
      return ask(page, async () => {
        await page.$eval(`#${id}`, (input) => { input.value = ''; });
        await page.type(`#${id}`, value);
        return true;
      });
    });
  }
}

/** Types a code. Its page sends it by itself when it is complete, so that nothing is pressed, and nothing asked of the page. */
export async function typeCode(page, code) {
  await until('#code', async () => {
    await see(page, '#code');
    return ask(page, () => page.$eval('#code', (input) => { input.value = ''; input.focus(); return true; }));
  });
  await page.keyboard.type(code);
}

/** Brings an element into view, and waits until its page was painted. */
async function settled(element) {
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  // Browsers drop what is clicked before a page has been painted; a page in the background paints seldom.
  const painted = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const loaded = document.readyState === 'complete' || new Promise((resolve) => addEventListener('load', resolve, { once: true }));
  await Promise.race([Promise.all([painted, loaded]), new Promise((resolve) => setTimeout(resolve, 1000))]);
}

/** Presses what this selector finds, as a person does: with the mouse, once it is there. */
export async function press(page, selector) {
  // A click on a notice may have opened another page in front of this one.
  await page.bringToFront();
  // What is seen may be on a page that is just being left: then it is looked for on the next one.
  await until(selector, async () => {
    await see(page, selector);
    return ask(page, async () => {
      await page.$eval(selector, settled);
      await page.click(selector);
      return true;
    });
  });
  await pause(60);
}

/** The page of this browser whose address contains a word, once there is one: a click on a notice opens it. */
export function opened(browser, word) {
  return until(`a page at ${word}`, async () => (await browser.browser.pages()).findLast((page) => page.url().includes(word)));
}
