// Writing, scheduling and publishing a post with the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, newPage, openChromium, signIn } from '../larder.js';
import { live } from './desk.js';
import { choose, press, reach } from './keys.js';
import { picture } from './picture.js';
import { saved, stored } from './saved.js';

let browser;
let larder;
let page;

before(async () => {
  larder = await Larder.start();
  browser = await openChromium();
  page = await newPage(browser, larder);
  // Files are chosen by the test from the first dialog to the last.
  page.on('filechooser', () => {});
  await signIn(page);
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

test('a post with everything in it, by keys', async () => {
  await page.goto('/admin/c/posts');
  await press(page, 'n');
  await page.waitForURL('**/admin/c/posts/new');
  await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
  await reach(page, /^Title$/);
  await page.keyboard.type('Rye by the numbers');
  await reach(page, /^Text$/);
  await write();
  await reach(page, /^Upload a file$/);
  await choose(page, 'Enter', { name: 'loaf.png', mimeType: 'image/png', buffer: picture(160, 90, 40) });
  await page.getByText('Add alt text').waitFor();
  await reach(page, /^Alt(ernative)? text/, 'Shift+Tab');
  await page.keyboard.type('A loaf of rye');
  await saved(page);

  const { values, status } = await stored(page);
  assert.equal(status, 'draft');
  assert.equal(values['@title'], 'Rye by the numbers');
  assert.equal(values['@slug'], 'rye-by-the-numbers');
  assert.equal(values.featured_image.alt, 'A loaf of rye');
  for (const piece of [
    '<p>Weigh it.</p>', '<h2>What you need</h2>', '<ul><li>', 'Rye</li><li>Water</li></ul>',
    '<a href="https://example.com/rye">the mill</a>', '<th scope="col">Flour</th>', '<td>', '1 kg', 'alt="Two bowls"',
  ]) assert.ok(values.body.includes(piece), `${piece} in ${values.body}`);
  await schedule();
  await publish();
  assert.deepEqual(page.faults, []);
});

test('who is in the text before the script is there stays in it', async () => {
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route('**/editor.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/admin/c/posts/new', { waitUntil: 'commit' });
  await page.locator('textarea[name=body]').focus();
  release();
  await page.locator('ld-richtext [contenteditable=true]').waitFor();
  await page.unroute('**/editor.js');
  // In the screen's shortcuts, G and H lead to Home.
  await page.keyboard.type('Dough');
  await saved(page);
  assert.equal((await stored(page)).values.body, '<p>Dough</p>');
});

/** The text: a heading, a list, a link, a table and a picture. */
async function write() {
  await page.keyboard.type('Weigh it.');
  await press(page, 'Enter');
  await page.keyboard.type('## What you need');
  await press(page, 'Enter');
  await page.keyboard.type('- Rye');
  await press(page, 'Enter');
  await page.keyboard.type('Water');
  await press(page, 'Enter', 'Enter');
  await page.keyboard.type('Ask ');
  await press(page, 'Control+Shift+K');
  await page.getByRole('dialog', { name: 'Link' }).waitFor();
  await page.keyboard.type('https://example.com/rye');
  await reach(page, /^Text$/);
  await page.keyboard.type('the mill');
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Link' }).waitFor({ state: 'hidden' });
  await press(page, 'Enter');
  await page.keyboard.type('/table');
  await page.getByRole('option', { name: 'Table' }).waitFor();
  await press(page, 'Enter');
  await page.keyboard.type('Flour');
  await press(page, 'Tab');
  await page.keyboard.type('Weight');
  await press(page, 'Tab', 'Tab');
  await page.keyboard.type('Rye');
  await press(page, 'Tab');
  await page.keyboard.type('1 kg');
  await press(page, 'Control+End', 'ArrowDown');
  await page.keyboard.type('/pict');
  await page.getByRole('option', { name: 'Picture' }).waitFor();
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Add a picture' }).waitFor();
  await choose(page, 'Space', { name: 'bowls.png', mimeType: 'image/png', buffer: picture(90, 90, 200) });
  await reach(page, /^Add picture$/);
  await press(page, 'Enter');
  await page.locator('.rt-picture img[src^="/media/"]').waitFor();
  await press(page, 'Alt+F10');
  await reach(page, /^No alt text|^Alt text/, 'ArrowRight');
  await press(page, 'Enter');
  await page.getByLabel('What does the picture show?').waitFor();
  await page.keyboard.type('Two bowls');
  await reach(page, /^Apply$/);
  await press(page, 'Enter');
  await page.getByLabel('What does the picture show?').waitFor({ state: 'hidden' });
  await press(page, 'Escape');
}

async function schedule() {
  await reach(page, /^More publish choices$/, 'Shift+Tab');
  await press(page, 'Enter');
  await page.getByRole('menuitem', { name: 'Schedule…' }).waitFor();
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: /^Schedule/ }).waitFor();
  await reach(page, /^Schedule$/);
  await press(page, 'Enter');
  await page.getByRole('button', { name: 'Change schedule' }).waitFor();
  assert.equal((await stored(page)).status, 'scheduled');
}

async function publish() {
  await reach(page, /^More publish choices$/, 'Shift+Tab');
  await press(page, 'Enter');
  await page.getByRole('menuitem', { name: 'Publish now' }).waitFor();
  // Past the last choice comes the first one.
  await press(page, 'ArrowDown', 'ArrowDown');
  await press(page, 'Enter');
  await live(page).waitFor();
  const { status, body } = await larder.api('/posts/rye-by-the-numbers', larder.readToken());
  assert.equal(status, 200);
  assert.equal(body.data.title, 'Rye by the numbers');
  assert.equal(body.data.featured_image_alt, 'A loaf of rye');
}
