// What goes wrong around an editor: the browser keeps a tab from opening, somebody restores what is being edited,
// the other version is the right one, the tab crashes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPage } from '../larder.js';
import { addressOf, draft, eventually, field, line, open, publish, ready, saved, signedIn, site, text, title, toasts, write } from './desk.js';

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

test('a browser that keeps the tab of the preview from opening: a button opens it', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await page.addInitScript(() => {
    const { open: real } = window;
    // As a blocker does: only what happens right at a press of its own is let through.
    window.open = (url, ...rest) => (url ? real.call(window, url, ...rest) : null);
  });
  await open(page, await addressOf(page, 'posts', 'A stollen worth the wait'));
  await page.locator('[data-action="preview"]').click();
  const toast = toasts(page).locator('.toast', { hasText: 'The preview is ready' });
  const [tab] = await Promise.all([page.waitForEvent('popup'), toast.getByRole('button', { name: 'Open preview' }).click()]);
  await tab.waitForURL(/\/side-by-side/);
  await tab.getByRole('heading', { name: 'Preview', exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('an earlier version is restored elsewhere while the editor is open: it is shown', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Restored');
  await field(page, 'summary').fill('The first summary');
  await write(page, text(page), 'The first text.');
  await publish(page);
  await field(page, 'summary').fill('The second summary');
  await eventually(async () => assert.equal((await draft(page, address)).values.summary, 'The second summary'));
  // Nothing changes under the caret.
  await title(page).click();
  const other = await newPage(at.browser, at.larder, { context: page.context() });
  await other.goto(`${address}/history`);
  await other.locator('.ev', { hasText: 'Live now' }).getByRole('button', { name: 'Restore' }).click();
  await other.waitForURL((url) => url.pathname === address);
  await page.bringToFront();
  await page.locator('[data-banners]', { hasText: 'restored an earlier version' }).waitFor();
  await eventually(async () => assert.equal(await field(page, 'summary').inputValue(), 'The first summary'));
  assert.equal((await draft(page, address)).values.summary, 'The first summary');
  await other.close();
});

test('of two versions the other one is taken', async (t) => {
  const olga = await signedIn(t, at.browser, at.larder);
  const maja = await signedIn(t, at.browser, at.larder, { email: 'maja@example.com' });
  const address = await begun(olga, 'Two minds');
  await open(maja, address);
  await maja.context().setOffline(true);
  await write(maja, title(maja), ', says Maja');
  await write(olga, title(olga), ', says Olga');
  await eventually(async () => assert.match((await draft(olga, address)).values['@title'], /says Olga$/));
  await maja.context().setOffline(false);
  await maja.getByRole('button', { name: 'Take theirs' }).first().click();
  await eventually(async () => assert.equal(await title(maja).inputValue(), 'Two minds, says Olga'));
  await maja.getByRole('button', { name: 'Take theirs' }).first().waitFor({ state: 'detached' });
  await write(maja, title(maja), ' and Maja');
  await eventually(async () => assert.equal((await draft(maja, address)).values['@title'], 'Two minds, says Olga and Maja'));
  await publish(maja);
});

test('the tab crashes: what was typed is there when it is opened again', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Crashed');
  // Nothing reaches the server: only the copy on this device has it.
  await page.route('**/draft', (route) => (route.request().method() === 'GET' ? route.continue() : route.abort()));
  await write(page, text(page), 'The last sentence before it.');
  await line(page).getByText('Kept on this device, not sent yet').waitFor();
  await eventually(async () => assert.match(await kept(page), /The last sentence before it\./));
  const crashed = page.waitForEvent('crash');
  const console = await page.context().newCDPSession(page);
  console.send('Page.crash').catch(() => {});
  await crashed;
  const again = await newPage(at.browser, at.larder, { context: page.context() });
  again.setDefaultTimeout(30_000);
  await open(again, address);
  assert.equal((await text(again).innerText()).trim(), '');
  const banner = again.locator('[data-banners]', { hasText: 'from this device' });
  await banner.getByRole('button', { name: 'Restore' }).click();
  await eventually(async () => assert.match((await draft(again, address)).values.body, /The last sentence before it\./));
  await again.reload();
  await ready(again);
  assert.match(await text(again).innerText(), /The last sentence before it\./);
  assert.deepEqual(again.faults, []);
});

/** What this device keeps of unsent text, as JSON. */
function kept(page) {
  return page.evaluate(() => new Promise((found, failed) => {
    const opening = indexedDB.open('larder');
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('unsent').objectStore('unsent').getAll();
      all.onsuccess = () => { opening.result.close(); found(JSON.stringify(all.result)); };
      all.onerror = () => failed(all.error);
    };
  }));
}
