// What the server has of an editor that is open.

import assert from 'node:assert/strict';

/** Waits until everything typed is on the server. */
export async function saved(page) {
  // What was said of an earlier saving does not count; and the line says "Saved" until the next one takes a while.
  await page.evaluate(() => { document.getElementById('say').textContent = ''; });
  await page.keyboard.press('Control+s');
  await page.waitForFunction(() => document.getElementById('say').textContent === 'Saved' && /^Saved/.test(document.querySelector('[data-saveline]')?.textContent.trim() ?? ''));
}

/** The draft as the server has it. */
export async function stored(page) {
  const { pathname, search } = new URL(page.url());
  const locale = new URLSearchParams(search).get('locale') ?? '';
  const answer = await page.request.get(`${pathname}/draft?locale=${locale}`);
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}
