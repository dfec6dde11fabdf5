// What the server has of an editor that is open.

import assert from 'node:assert/strict';

export { saved } from './desk.js';

/** The draft as the server has it. */
export async function stored(page) {
  const { pathname, search } = new URL(page.url());
  const locale = new URLSearchParams(search).get('locale') ?? '';
  const answer = await page.request.get(`${pathname}/draft?locale=${locale}`);
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}
