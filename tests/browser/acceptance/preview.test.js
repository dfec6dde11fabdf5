// Preview: a new tab with the draft on the site, or with how to set the site's address.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, openChromium } from '../larder.js';
import { addressOf, draft, field, line, open, publish, saved, signedIn, write } from './desk.js';

let larder;
let browser;

before(async () => {
  larder = await Larder.start({});
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

/** The tab that `act` opens, once it has left the empty page. */
async function tabOf(page, act) {
  const [tab] = await Promise.all([page.waitForEvent('popup'), act()]);
  await tab.waitForURL(/^http/);
  return tab;
}

test('without an address of the site the tab tells how to set one', async (t) => {
  const page = await signedIn(t, browser, larder);
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  await write(page, field(page, 'summary'), ' Not sent yet.');
  const tab = await tabOf(page, () => page.locator('[data-action="preview"]').click());
  await tab.waitForURL(/\/side-by-side/);
  await tab.getByRole('heading', { name: 'Show drafts on your own site' }).waitFor();
  assert.match((await draft(page, address)).values.summary, /Not sent yet\.$/, 'what was typed is sent first');
  assert.ok(page.url().includes(address), 'the editor stays');
});

test('with one, the site is opened with a key, by button and by key', async (t) => {
  const page = await signedIn(t, browser, larder);
  await page.goto('/admin/settings');
  const place = page.locator('[name="preview_url"]');
  await place.fill(`${larder.url}/shown?token={token}&slug={slug}`);
  const form = page.locator('form', { has: page.locator('[name="preview_url"]') });
  const stored = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().includes('/settings/save/'));
  await form.getByRole('button', { name: /^Save/ }).click();
  await stored;
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await page.context().route(/\/shown\?/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Shown</title>' }));
  for (const act of [() => page.locator('[data-action="preview"]').click(), () => page.keyboard.press('Control+Shift+P')]) {
    await open(page, address);
    const tab = await tabOf(page, act);
    await tab.waitForURL(/\/shown\?token=[\w-]{20,}&slug=[a-z-]+$/);
    assert.equal(await tab.evaluate(() => window.opener), null);
    await tab.close();
  }
});

test('only before it is published does an entry say that its address comes from the title', async (t) => {
  const page = await signedIn(t, browser, larder);
  await open(page, await addressOf(page, 'posts', 'A stollen worth the wait'));
  await page.locator('[data-follows]').waitFor();
  await publish(page);
  await page.locator('[data-follows]').waitFor({ state: 'hidden' });
});

test('on a phone the save line is in sight', async (t) => {
  const page = await signedIn(t, browser, larder, { width: 390, height: 844 });
  await open(page, await addressOf(page, 'posts', 'A stollen worth the wait'));
  await write(page, field(page, '@title'), '!');
  await saved(page);
  const at = await line(page).boundingBox();
  assert.ok(at.x >= 0 && at.x + at.width <= 390 && at.y >= 0 && at.y + at.height <= 844, JSON.stringify(at));
  await line(page).click({ trial: true });
});
