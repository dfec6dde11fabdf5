// Somebody types before the editor's script has come, as on a slow line: nothing of it is lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, draft, eventually, ready, signedIn, site, title } from './desk.js';

const at = site();

/** Opens a screen whose script does not come before it is let through. */
async function slowly(page, address) {
  let letThrough;
  const wait = new Promise((done) => { letThrough = done; });
  await page.route('**/editor.js', async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(address, { waitUntil: 'commit' });
  await title(page).waitFor();
  assert.equal(await page.locator('ld-editor[data-ready]').count(), 0);
  return letThrough;
}

test('what is typed into a new post before the script is there becomes a draft', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const letThrough = await slowly(page, '/admin/c/posts/new');
  await title(page).fill('Written too early');
  await page.locator('[name="body"]').fill('<p>Words.</p>');
  letThrough();
  await page.waitForURL(/\/admin\/c\/posts\/\d+/);
  const address = new URL(page.url()).pathname;
  await eventually(async () => {
    const { values } = await draft(page, address);
    assert.deepEqual([values['@title'], values.body], ['Written too early', '<p>Words.</p>']);
  });
});

test('what is changed of a page before the script is there is kept, and nothing else is', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await addressOf(page, 'p.story', 'A slower pizza');
  const before = (await draft(page, address)).values;
  const letThrough = await slowly(page, address);
  await title(page).fill('Renamed too early');
  letThrough();
  await ready(page);
  await eventually(async () => {
    const { values } = await draft(page, address);
    assert.deepEqual(values, { ...before, '@title': 'Renamed too early' });
  });
});
