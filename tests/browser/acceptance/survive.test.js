// Nothing that was written is lost: not with the server, the tab, the network or the sign-in gone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, newPage } from '../larder.js';
import { draft, eventually, line, open, ready, saved, signedIn, site, text, title, write } from './desk.js';

const at = site({ people: { 'olga@example.com': 'owner', 'maja@example.com': 'editor' } });

/** A post of its own for a test, opened. Returns its address. */
async function begun(page, name) {
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type(name);
  await page.waitForURL(/\/admin\/c\/posts\/\d+/);
  await saved(page);
  return new URL(page.url()).pathname;
}

const arrived = (page, address, words) => eventually(async () => {
  const { values } = await draft(page, address);
  assert.ok(JSON.stringify(values).includes(words), `${words} is not in ${JSON.stringify(values)}`);
});

const fromThisDevice = (page) => page.locator('[data-banners]', { hasText: 'from this device' });

test('the server is killed while somebody types', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Killed');
  await write(page, text(page), 'Before. ');
  await at.larder.stop();
  await page.keyboard.type('While it is away. ');
  await line(page).getByText('Kept on this device, not sent yet').waitFor();
  await page.locator('[data-banners]', { hasText: 'Keep writing' }).waitFor();
  await page.keyboard.type('Still away. ');
  await at.larder.serve();
  await page.keyboard.type('Back.');
  await arrived(page, address, 'Before. While it is away. Still away. Back.');
  await saved(page);
  await page.locator('[data-banners]', { hasText: 'Keep writing' }).waitFor({ state: 'detached' }).catch(() => {});
  await page.reload();
  await ready(page);
  assert.equal((await text(page).innerText()).trim(), 'Before. While it is away. Still away. Back.');
});

test('the tab is closed ten milliseconds after the last key', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Closed');
  await write(page, text(page), 'The last sentence.');
  await new Promise((done) => { setTimeout(done, 10); });
  await page.close({ runBeforeUnload: true });
  const again = await newPage(at.browser, at.larder, { context: page.context() });
  await open(again, address);
  // Either the last request went out with the tab, or this device kept what was in it.
  if ((await text(again).innerText()).trim() === '') await fromThisDevice(again).getByRole('button', { name: 'Restore' }).click();
  await arrived(again, address, 'The last sentence.');
  assert.equal((await text(again).innerText()).trim(), 'The last sentence.');
  assert.deepEqual(again.faults, []);
});

test('the tab is closed while the server is away', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Closed and away');
  await at.larder.stop();
  await write(page, text(page), 'The last sentence.');
  await line(page).getByText('Kept on this device, not sent yet').waitFor();
  await page.close({ runBeforeUnload: true });
  await at.larder.serve();
  const again = await newPage(at.browser, at.larder, { context: page.context() });
  await open(again, address);
  assert.equal((await text(again).innerText()).trim(), '');
  await fromThisDevice(again).getByRole('button', { name: 'Restore' }).click();
  await arrived(again, address, 'The last sentence.');
  assert.equal((await text(again).innerText()).trim(), 'The last sentence.');
  await fromThisDevice(again).waitFor({ state: 'hidden' });
  assert.deepEqual(again.faults, []);
});

test('the network is cut', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Cut off');
  await page.context().setOffline(true);
  await write(page, title(page), ', but not lost');
  await line(page).getByText('Kept on this device, not sent yet').waitFor();
  await page.context().setOffline(false);
  await arrived(page, address, 'Cut off, but not lost');
});

test('the sign-in ends while somebody types', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Signed out');
  await write(page, text(page), 'One two four.');
  await saved(page);
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowLeft');
  const other = await newPage(at.browser, at.larder, { context: page.context() });
  await other.goto('/admin/account');
  const csrf = await other.locator('meta[name=csrf]').getAttribute('content');
  await other.evaluate((token) => fetch('/admin/sign-out', { method: 'POST', headers: { 'X-CSRF-Token': token } }), csrf);
  await other.close();
  await page.keyboard.type('three ');
  const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
  await dialog.getByLabel('Mail address').fill('olga@example.com');
  await dialog.getByLabel('Password').fill('wrong wrong wrong');
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByText('do not belong together').waitFor();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.type('and ');
  await arrived(page, address, 'One two three and four.');
});

test('another person signs in: nothing is sent under their name', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await begun(page, 'Not yours');
  await page.context().clearCookies();
  const sent = [];
  await write(page, title(page), ' at all');
  const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
  await dialog.getByLabel('Mail address').fill('maja@example.com');
  await dialog.getByLabel('Password').fill(PASSWORD);
  page.on('request', (request) => { if (request.url().endsWith('/draft') && request.method() !== 'GET') sent.push(request.url()); });
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-banners]', { hasText: 'This text belongs to Olga' }).waitFor();
  assert.deepEqual(sent, []);
  assert.equal(await title(page).inputValue(), 'Not yours at all');
});
