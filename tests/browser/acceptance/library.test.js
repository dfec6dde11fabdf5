// The media library: dropped, described, tagged, moved, deleted and brought back, replaced; and by keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, signedIn, site, toasts } from './desk.js';
import { picture } from './picture.js';

const LIBRARY = '/admin/media';
const USED = 'flour-sacks.jpg';

const at = site();

/** A green bar of this width. */
const bar = (width) => picture(23, 105, 75, width, 10);
const tile = (page, name) => page.locator('.tile', { hasText: name });
const facts = async (page, id) => (await page.request.get(`${LIBRARY}/${id}/facts`)).json();

/** Drops files on the page, as from the desktop. */
async function drop(page, files) {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, bytes, type] of given) data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    return data;
  }, files.map(([name, bytes, type]) => [name, [...bytes], type]));
  await page.dispatchEvent('#rows', 'dragenter', { dataTransfer: transfer });
  await page.getByText('Drop to upload').waitFor();
  await page.dispatchEvent('#rows', 'drop', { dataTransfer: transfer });
}

/** Drops pictures and waits until they are in the list; their ids by name. */
async function added(page, names) {
  await page.goto(LIBRARY);
  await drop(page, names.map((name, at) => [name, bar(20 + at + names.length * 10), 'image/png']));
  const ids = {};
  for (const name of names) {
    await tile(page, name).waitFor();
    ids[name] = await tile(page, name).getAttribute('data-id');
  }
  return ids;
}

/** Waits until the list was asked for again, which selects nothing any more. */
const settled = (page) => page.locator('[data-bulk]').waitFor({ state: 'hidden' });

/** Selects files by name. */
async function select(page, names) {
  for (const name of names) await page.getByLabel(`Select ${name}`).check({ force: true });
  await page.locator('[data-count]', { hasText: `${names.length} selected` }).waitFor();
}

test('files are dropped, described, tagged, moved, deleted and brought back', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await page.goto(LIBRARY);
  await drop(page, [['one.png', bar(31), 'image/png'], ['two.png', bar(32), 'image/png'], ['layers.psd', Buffer.from('x'), '']]);
  const uploads = page.locator('[data-uploads]');
  await uploads.getByText('2 of 3 uploaded, 1 needs attention').waitFor();
  await uploads.getByText('Photoshop files cannot be shown on the web.').waitFor();
  await tile(page, 'two.png').waitFor();
  assert.equal(await page.locator('[data-catch]').isHidden(), true);

  // The alternative text is saved as it is typed, the focal point as it is set; both can be seen by a colleague.
  await uploads.locator('.up', { hasText: 'one.png' }).getByRole('link', { name: 'Add alt text' }).click();
  await page.getByLabel(/^Alt text/).fill('One green bar');
  await page.locator('[data-line]', { hasText: 'Saved' }).waitFor();
  const id = new URL(page.url()).pathname.split('/').pop();
  assert.equal((await facts(page, id)).alt, 'One green bar');
  await page.getByLabel('Tags').fill('bars,');
  await eventually(async () => assert.deepEqual((await facts(page, id)).tags, ['bars']));
  await page.getByRole('button', { name: 'Set a point' }).click();
  await page.keyboard.press('Shift+ArrowRight');
  await eventually(async () => assert.deepEqual((await facts(page, id)).focal, [0.6, 0.5]));
  await page.keyboard.press('Control+z');
  await eventually(async () => assert.deepEqual((await facts(page, id)).focal, [0.5, 0.5]));

  // Somebody else says it otherwise meanwhile: both texts are there, and one is chosen.
  const csrf = await page.locator('meta[name=csrf]').getAttribute('content');
  const headers = { 'X-CSRF-Token': csrf, Accept: 'application/json' };
  await page.request.patch(`${LIBRARY}/${id}`, { data: { alt: 'A colleague’s words' }, headers });
  await page.getByLabel(/^Alt text/).fill('One green bar on white');
  await page.getByText('Theirs: A colleague’s words').waitFor();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await eventually(async () => assert.equal((await facts(page, id)).alt, 'One green bar on white'));

  // A folder, and two files into it.
  await page.goto(LIBRARY);
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Bars');
  await page.getByRole('button', { name: 'Make the folder' }).click();
  await page.getByRole('heading', { level: 1, name: 'Bars' }).waitFor();
  await page.goto(LIBRARY);
  await select(page, ['one.png', 'two.png']);
  await page.locator('[data-bulk]').getByRole('button', { name: 'Tags' }).click();
  await page.getByLabel('Tags, with commas between').fill('green');
  await page.locator('#bulk-tag').getByRole('button', { name: 'Add' }).click();
  await toasts(page).getByText('2 files are tagged').waitFor();
  await settled(page);
  assert.deepEqual((await facts(page, id)).tags, ['bars', 'green']);
  await select(page, ['one.png', 'two.png']);
  await page.locator('[data-bulk]').getByRole('button', { name: 'Move' }).click();
  await page.getByLabel('Move to').selectOption({ label: 'Bars' });
  await page.locator('#bulk-move').getByRole('button', { name: 'Move' }).click();
  await toasts(page).getByText('2 files are moved').waitFor();
  await settled(page);
  await page.getByRole('link', { name: /Bars/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Bars' }).waitFor();
  await eventually(async () => assert.equal(await page.locator('.tile').count(), 2));

  // Deleted and back.
  await select(page, ['one.png', 'two.png']);
  await page.locator('[data-bulk]').getByRole('button', { name: 'Delete' }).click();
  await toasts(page).getByText('2 files are in the trash').waitFor();
  await page.locator('.tile').first().waitFor({ state: 'detached' });
  await toasts(page).getByRole('button', { name: 'Undo' }).last().click();
  await tile(page, 'one.png').waitFor();
  await eventually(async () => assert.equal(await page.locator('.tile').count(), 2));
});

test('what is used is named before it goes, and can be replaced instead', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await page.goto(`${LIBRARY}?q=${USED}`);
  await select(page, [USED]);
  await page.locator('[data-bulk]').getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^In “/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const id = await tile(page, USED).getAttribute('data-id');
  const before = await facts(page, id);
  await tile(page, USED).getByRole('link').click();
  await page.getByRole('heading', { name: /^Used in \d+ places/ }).waitFor();
  await page.locator('[data-file]').setInputFiles({ name: 'sacks.png', mimeType: 'image/png', buffer: bar(64) });
  await page.getByText(`“sacks.png” takes the place of “${USED}”.`).waitFor();
  await page.getByRole('button', { name: 'Replace everywhere' }).click();
  await page.getByRole('heading', { level: 1, name: 'sacks.png' }).waitFor();
  const changed = await facts(page, id);
  assert.deepEqual([changed.id, changed.alt, changed.used, changed.width], [before.id, before.alt, before.used, 64]);
  await page.getByRole('button', { name: `Restore ${USED}` }).click();
  await page.getByRole('heading', { level: 1, name: USED }).waitFor();
  assert.equal((await facts(page, id)).hash, before.hash);
});

test('the library by keyboard alone', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await added(page, ['key-a.png', 'key-b.png']);
  await page.goto(`${LIBRARY}?sort=name`);
  await page.keyboard.press('/');
  await page.keyboard.type('key-');
  await tile(page, USED).waitFor({ state: 'detached' });
  await page.locator('#rows .tile').nth(1).waitFor();
  // The list of what was typed last: one that comes later would take the selection away.
  await page.waitForURL(/q=key-(?:&|$)/);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.locator('[data-count]', { hasText: '1 selected' }).waitFor();
  await page.keyboard.press('x');
  await page.locator('[data-bulk]').waitFor({ state: 'hidden' });
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'key-b.png' }).waitFor();
  await page.getByLabel(/^Alt text/).focus();
  await page.keyboard.type('A bar');
  await page.keyboard.press('Control+s');
  const id = new URL(page.url()).pathname.split('/').pop();
  await eventually(async () => assert.equal((await facts(page, id)).alt, 'A bar'));
});
