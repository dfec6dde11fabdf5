// Selected rows of a list: Enter does what stands beside the field, never what the form happens to begin with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, post, signedIn, site } from './desk.js';

const at = site();

/** A draft that nobody has published, as the API makes it. */
async function draft(slug) {
  const token = at.larder.run(['token', 'add', '--data', at.larder.site, '--kind', 'write', '--name', slug]).trim().split(/\s+/).pop();
  const response = await fetch(`${at.larder.url}/v2/posts/`, {
    method: 'POST',
    headers: { Authorization: `Token ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: slug, slug, status: 'draft' }),
  });
  assert.equal(response.status, 202, await response.text());
}

/** What is asked of the server for many entries, as it is sent. */
function jobs(page) {
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/bulk')) sent.push(new URLSearchParams(request.postData()).get('do'));
  });
  return sent;
}

test('Enter in a menu of the selected rows presses the button of that menu', async (t) => {
  await draft('waits-for-its-time');
  const page = await signedIn(t, at.browser, at.larder);
  const sent = jobs(page);
  await page.goto('/admin/c/posts?q=waits-for-its-time');
  const row = page.getByLabel('Select waits-for-its-time');

  // On the box itself Enter does nothing, where the form's first button would publish.
  await row.focus();
  await page.keyboard.press('Space');
  await page.locator('[data-count]', { hasText: '1 selected' }).waitFor();
  await page.keyboard.press('Enter');

  await page.locator('[data-bulk]').getByRole('button', { name: 'Schedule' }).click();
  await page.getByLabel('Day').fill('2099-07-01');
  await page.getByLabel(/^Time/).press('Enter');
  await eventually(async () => assert.deepEqual(sent, ['schedule']));
  await page.locator('#job').getByText('Done').first().waitFor({ state: 'attached' });
  assert.equal(await post(at.larder, at.token, 'waits-for-its-time'), null, 'it is not live before its time');
});
