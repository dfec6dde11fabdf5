// Writing, scheduling and publishing a post on a phone, by touch.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, newPage, openChromium, signIn } from '../larder.js';
import { live } from './desk.js';
import { picture } from './picture.js';
import { saved, stored } from './saved.js';

let browser;
let larder;
let page;

before(async () => {
  larder = await Larder.start();
  browser = await openChromium();
  page = await newPage(browser, larder, { width: 390, height: 844, touch: true });
  page.on('filechooser', () => {});
  await signIn(page);
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

test('a post with everything in it, by touch', async () => {
  await page.goto('/admin/c/posts');
  await page.getByRole('link', { name: /New post/ }).first().tap();
  await page.waitForURL('**/admin/c/posts/new');
  await fits();
  await page.getByLabel('Title', { exact: true }).tap();
  await page.keyboard.type('Rye on the phone');
  await write();
  await details();
  await saved(page);
  const { values } = await stored(page);
  assert.equal(values['@title'], 'Rye on the phone');
  assert.equal(values.featured_image.alt, 'A loaf of rye');
  for (const piece of [
    '<p>Weigh it.</p>', '<h2>What you need</h2>', '<ul><li>Rye</li><li>Water</li></ul>', '<a href="https://example.com/rye">the mill</a>', '<table>', 'Flour',
  ]) assert.ok(values.body.includes(piece), `${piece} in ${values.body}`);
  await schedule();
  await publish();
  assert.deepEqual(page.faults, []);
});

/** Nothing is wider than the phone. */
async function fits() {
  assert.ok(await page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth) <= screen.width), 'no sideways scrolling');
}

const tool = (name) => page.getByRole('toolbar', { name: 'Text formatting' }).getByRole('button', { name, exact: true });

async function write() {
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.tap();
  await page.keyboard.type('Weigh it.');
  await page.keyboard.press('Enter');
  await page.getByRole('toolbar', { name: 'Text formatting' }).getByRole('button', { name: /^Text style/ }).tap();
  await page.getByRole('menuitemradio', { name: 'Heading 2' }).tap();
  await page.keyboard.type('What you need');
  await page.keyboard.press('Enter');
  await tool('Bulleted list').tap();
  await page.keyboard.type('Rye');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Water');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Ask ');
  await tool('Link').tap();
  await page.getByRole('combobox', { name: 'Page or address' }).fill('https://example.com/rye');
  await page.getByRole('dialog', { name: 'Link' }).getByLabel('Text', { exact: true }).fill('the mill');
  await fits();
  await page.getByRole('button', { name: 'Apply' }).tap();
  await page.keyboard.press('Enter');
  await tool('Table').tap();
  await page.keyboard.type('Flour');
  await fits();
}

async function details() {
  await page.getByRole('button', { name: 'Details' }).tap();
  const choose = page.getByRole('button', { name: 'Upload a file' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.tap()]);
  await chooser.setFiles({ name: 'loaf.png', mimeType: 'image/png', buffer: picture(160, 90, 40) });
  await page.getByLabel(/^Alt(ernative)? text/).fill('A loaf of rye');
  await fits();
  await page.getByRole('button', { name: 'Details' }).tap();
}

async function schedule() {
  await page.getByRole('button', { name: 'More publish choices' }).tap();
  await page.getByRole('menuitem', { name: 'Schedule…' }).tap();
  await fits();
  await page.getByRole('dialog', { name: /^Schedule/ }).getByRole('button', { name: 'Schedule' }).tap();
  await page.getByRole('button', { name: 'Change schedule' }).waitFor();
  assert.equal((await stored(page)).status, 'scheduled');
}

async function publish() {
  await page.getByRole('button', { name: 'More publish choices' }).tap();
  await page.getByRole('menuitem', { name: 'Publish now' }).tap();
  await live(page).waitFor();
  const { status, body } = await larder.api('/posts/rye-on-the-phone', larder.readToken());
  assert.equal(status, 200);
  assert.equal(body.data.featured_image_alt, 'A loaf of rye');
}
