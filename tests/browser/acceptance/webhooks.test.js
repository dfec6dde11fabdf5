// Webhooks: added, tried, failing, sent again, given a new secret, taken away; and what Home says of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from '../larder.js';
import { ASKS_US, receiver } from '../receiver.js';
import { signedIn, site, toasts } from './desk.js';

const at = site({ env: ASKS_US });
let hook;

before(async () => { hook = await receiver(204); });
after(() => hook?.end());

/** Publishes the home page, or takes it off. */
const commandOnHome = (what) => at.larder.run([what, 'page:landing-page/home', '--data', at.larder.site]);

test('a webhook is added, tried, mended and taken away', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await page.goto('/admin/settings');
  await page.getByRole('link', { name: /No webhooks yet/ }).click();

  // What is wrong is said at its field, and what was typed stays.
  await page.getByLabel('Address').fill(hook.address);
  await page.getByLabel('Name').fill('Website');
  await page.getByLabel('Headers').fill('Authorization: Bearer k7\nno header');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByText('no header is no header').waitFor();
  assert.equal(await page.getByLabel('Address').inputValue(), hook.address);
  await page.getByLabel('Headers').fill('Authorization: Bearer k7');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByRole('heading', { level: 1, name: 'Website' }).waitFor();

  // A test says what came back, on the page that waits for it.
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByRole('heading', { name: 'HTTP 204' }).waitFor();
  assert.equal(hook.got.at(-1).headers.authorization, 'Bearer k7');
  const request = page.locator('pre').first();
  await request.getByText('webhook-signature: v1,').waitFor();
  assert.match(await request.textContent(), /Authorization: \*{8}\n/);
  assert.deepEqual(await axe(page), []);

  // Saved again, the header keeps its value though it is not shown.
  await page.getByRole('link', { name: 'Webhook', exact: true }).click();
  assert.equal(await page.getByLabel('Headers').inputValue(), 'Authorization: ********');
  await page.getByText('One attempt, without a signature').click();
  await page.getByRole('button', { name: 'Save' }).click();
  await toasts(page).getByText('The webhook is saved.').waitFor();

  // It fails: the log and Home say so.
  hook.status = 500;
  hook.body = 'out of order';
  commandOnHome('unpublish');
  await page.reload();
  const line = page.locator('#log li', { hasText: 'page.unpublished' });
  await line.getByText('Given up').waitFor();
  assert.equal(hook.got.at(-1).headers.authorization, 'Bearer k7');
  assert.equal(hook.got.at(-1).headers['webhook-signature'], undefined);
  await page.goto('/admin');
  await page.getByRole('link', { name: /One message to this webhook was given up/ }).click();

  // One is opened and sent again, then all that is left.
  hook.status = 204;
  hook.body = '';
  await page.locator('#log li', { hasText: 'page.unpublished' }).getByRole('link').click();
  await page.getByText('out of order').waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.locator('.kv').getByText('Sent', { exact: true }).waitFor();
  assert.equal(hook.got.at(-1).webhook.event, 'page.unpublished');
  hook.status = 500;
  commandOnHome('publish');
  await page.getByRole('link', { name: 'Webhook', exact: true }).click();
  await page.locator('#log .bdg', { hasText: 'Given up' }).waitFor();
  hook.status = 204;
  await page.getByRole('button', { name: 'Send 1 again' }).click();
  await toasts(page).getByText('1 message is on its way again.').waitFor();
  await page.locator('#log .bdg', { hasText: 'Given up' }).waitFor({ state: 'hidden' });

  // The secret is shown on demand, and a new one takes its place.
  const secret = page.getByLabel('The secret', { exact: true });
  assert.equal(await secret.getAttribute('type'), 'password');
  await page.getByRole('button', { name: 'Show the secret' }).click();
  assert.equal(await secret.getAttribute('type'), 'text');
  const old = await secret.inputValue();
  assert.match(old, /^whsec_/);
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  await page.getByText('The one before it signs too').waitFor();
  assert.notEqual(await secret.inputValue(), old);

  await page.getByRole('button', { name: 'Remove webhook' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await toasts(page).getByText('Website is removed.').waitFor();
  await page.getByRole('heading', { name: 'Add a webhook' }).waitFor();
});

test('only who may change settings sees webhooks', async (t) => {
  at.larder.addPerson('eva@example.com', 'editor');
  const page = await signedIn(t, at.browser, at.larder, { email: 'eva@example.com' });
  for (const path of ['', '/1', '/1/log', '/1/log/1']) {
    const answer = await page.request.get(`/admin/settings/webhooks${path}`);
    assert.equal(answer.status(), 403, path);
  }
});
