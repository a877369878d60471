// A page on the narrowest screen that there is.

import path from 'node:path';

/** Puts the page on a screen of 320 pixels and sees that nothing sticks out; `WATCHBELL_PICTURES` is a folder for pictures of it. */
export async function fitsNarrow(page, name) {
  await page.setViewport({ width: 320, height: 800 });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await picture(page, `${name}-320`);
  await page.setViewport({ width: 800, height: 800 });
  await picture(page, `${name}-800`);
  if (sideways > 0) throw new Error(`${name} is ${sideways} px wider than 320 px`);
}

async function picture(page, name) {
  if (!process.env.WATCHBELL_PICTURES) return;
  await page.screenshot({ path: path.join(process.env.WATCHBELL_PICTURES, `${name}.png`), fullPage: true });
}
