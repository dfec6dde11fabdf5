// Many pictures at once, some of which go wrong; and a large file that survives a reload.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addressOf, draft, eventually, open, ready, saved, signedIn, site, text, write } from './desk.js';
import { heavy, picture } from './picture.js';

const PATIENCE = 90;

const at = site();

/** Breaks the connection of the upload that comes as the given one, on every try, until it is mended. */
async function cut(page, which) {
  const seen = [];
  let broken = true;
  await page.route('**/admin/media', async (route, request) => {
    if (request.method() !== 'POST') return route.fallback();
    const id = request.headers()['upload-id'];
    if (!seen.includes(id)) seen.push(id);
    return broken && seen.indexOf(id) === which ? route.abort('connectionreset') : route.fallback();
  });
  return () => { broken = false; };
}

test('twenty pictures at once, one broken and one cut off: eighteen arrive, two say why, the text is untouched', async (t) => {
  const page = await signedIn(t, at.browser, at.larder, { height: 1400 });
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  const { values: { body: before } } = await draft(page, address);
  const mend = await cut(page, 4);
  await write(page, text(page), '');
  await page.getByRole('toolbar', { name: 'Text formatting' }).getByRole('button', { name: 'Picture', exact: true }).click();
  const files = Array.from({ length: 20 }, (_, at) => ({
    name: `loaf-${at}.png`, mimeType: 'image/png', buffer: at === 11 ? Buffer.from('this is no picture') : picture(at * 10, 90, 60),
  }));
  await page.getByLabel('Picture from this device').setInputFiles(files);
  await page.getByRole('button', { name: 'Add picture' }).click();
  const figures = page.locator('figure.rt-figure');
  const arrived = figures.filter({ has: page.locator('.rt-alt') });
  const failed = page.locator('.rt-progress.is-failed');
  await eventually(async () => assert.deepEqual([await arrived.count(), await failed.count()], [18, 2]), PATIENCE);
  await failed.getByText('loaf-11.png was not uploaded.').waitFor();
  await failed.getByText(/The connection broke at \d+ %\./).waitFor();
  const plain = (html) => html.replace(/<figure>.*?<\/figure>/g, '');
  await saved(page);
  const { values: { body } } = await draft(page, address);
  assert.equal(body.match(/<figure>/g).length, 18);
  assert.equal(plain(body), before, 'not one letter of the text changed');

  mend();
  await failed.filter({ hasText: 'The connection broke' }).getByRole('button', { name: 'Try again' }).click();
  await eventually(async () => assert.deepEqual([await arrived.count(), await failed.count()], [19, 1]), PATIENCE);
  await failed.getByRole('button', { name: 'Remove' }).click();
  await saved(page);
  const after = (await draft(page, address)).values.body;
  assert.equal(after.match(/<figure>/g).length, 19);
  assert.equal(plain(after), before);
});

test('a large file goes on where it stopped, also after a reload, and publishing waits for it', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  const { values: was } = await draft(page, address);
  const file = heavy(44 << 20);
  const path = join(at.larder.folder, 'panorama.png');
  writeFileSync(path, file);
  const pieces = [];
  let calls = 0;
  let holding = true;
  await page.route('**/admin/media/uploads**', (route, request) => {
    if (request.method() === 'POST') calls += 1;
    if (request.method() !== 'PATCH') return route.fallback();
    pieces.push(Number(request.headers()['upload-offset']));
    // The third piece never gets through: then the page is left.
    return holding && pieces.length > 2 ? undefined : route.fallback();
  });
  const field = page.locator('.f[data-path="featured_image"]');
  await field.locator('input[type=file]').first().setInputFiles(path, { timeout: PATIENCE * 1000 });
  await field.getByText(/of 46\.1 MB/).waitFor({ timeout: PATIENCE * 1000 });
  await page.locator('.ed-reason', { hasText: 'An upload is still running' }).waitFor();
  await eventually(async () => assert.equal(pieces.length, 3), PATIENCE);
  await eventually(async () => assert.equal(await kept(page), 1), PATIENCE);

  holding = false;
  await page.reload();
  await ready(page);
  await field.getByText('panorama.png').first().waitFor({ timeout: PATIENCE * 1000 });
  await eventually(async () => {
    const { values } = await draft(page, address);
    assert.match(values.featured_image?.url ?? '', /^\/media\/\w+$/);
    assert.notEqual(values.featured_image.url, was.featured_image?.url);
  }, PATIENCE);
  const { values } = await draft(page, address);
  assert.equal(calls, 1, 'it was begun once');
  assert.ok(pieces[3] >= 8 << 20, `it went on at ${pieces[3]}`);
  const facts = await (await page.request.get(`/admin${values.featured_image.url}/facts`)).json();
  assert.deepEqual([facts.name, facts.size, facts.width, facts.height], ['panorama.png', file.length, 320, 180]);
  await eventually(async () => assert.equal(await kept(page), 0), PATIENCE);
  await eventually(async () => assert.equal(await page.locator('.ed-reason').textContent(), ''));
});

/** How many uploads with an address are kept on this device. */
function kept(page) {
  return page.evaluate(() => new Promise((found, failed) => {
    const opening = indexedDB.open('larder-uploads');
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('uploads').objectStore('uploads').getAll();
      all.onsuccess = () => {
        opening.result.close();
        found(all.result.filter(({ location }) => location).length);
      };
    };
  }));
}
