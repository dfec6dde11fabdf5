// Going back: history, compare, restore; and who sees a draft: shared links, and viewers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, newPage, openChromium, signIn } from '../larder.js';
import { live } from './desk.js';
import { saved, stored } from './saved.js';

let browser;
let larder;
let page;
let editor;

before(async () => {
  larder = await Larder.start({ people: { 'olga@example.com': 'owner', 'vera@example.com': 'viewer', 'will@example.com': 'writer' } });
  browser = await openChromium();
  page = await open('olga@example.com');
  await writePost(page, 'Rye bread', 'The first text.');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await live(page).waitFor();
  await page.getByLabel('Title', { exact: true }).fill('Wheat bread');
  await page.getByLabel(/^Summary/).fill('A secret summary');
  await saved(page);
  editor = new URL(page.url()).pathname;
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

async function open(email) {
  const own = await newPage(browser, larder);
  if (email) await signIn(own, email);
  return own;
}

async function writePost(own, title, text) {
  await own.goto('/admin/c/posts/new');
  await own.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
  await own.getByLabel('Title', { exact: true }).fill(title);
  await own.getByRole('textbox', { name: 'Text', exact: true }).pressSequentially(text);
  await saved(own);
}

/** Presses a button that restores something, and waits until that is shown in the editor. */
async function restoreBy(button) {
  await button.click();
  await page.waitForURL((url) => url.pathname === editor);
}

test('what changed is compared, and one field is restored', async () => {
  await page.goto(editor);
  await page.getByRole('link', { name: 'History' }).first().click();
  await page.getByText('Live now').waitFor();
  await page.getByRole('button', { name: 'Compare the chosen versions' }).click();
  const title = page.getByRole('region', { name: 'Title', exact: true });
  assert.deepEqual([await title.locator('del').first().textContent(), await title.locator('ins').first().textContent()], ['Rye', 'Wheat']);
  await restoreBy(title.getByRole('button', { name: 'Restore this part' }));
  await page.goto(editor);
  const { values, status } = await stored(page);
  assert.equal(values['@title'], 'Rye bread');
  assert.equal(values.summary, 'A secret summary');
  assert.equal(status, 'changed');
  assert.deepEqual(page.faults, []);
});

test('a whole version is restored as a new draft, and no version is lost', async () => {
  await page.goto(`${editor}/history`);
  const before = (await page.locator('.ev input[name=to]').count());
  const live = page.locator('.ev', { hasText: 'Live now' });
  await restoreBy(live.getByRole('button', { name: 'Restore' }));
  await page.goto(`${editor}/history`);
  assert.equal(await page.locator('.ev input[name=to]').count(), before + 1);
  await page.goto(editor);
  const { values } = await stored(page);
  assert.equal(values['@title'], 'Rye bread');
  assert.equal(values.summary ?? '', '');
  // Back again, to what the summary said.
  await page.getByLabel(/^Summary/).fill('A secret summary');
  await saved(page);
});

test('a shared link works without an account until it is withdrawn', async () => {
  await page.goto(`${editor}/side-by-side`);
  await page.getByLabel('Who is it for?').fill('Printer');
  await page.getByRole('button', { name: 'Share preview' }).click();
  const link = await page.getByLabel('The link').inputValue();
  const stranger = await open();
  const seen = await stranger.goto(link);
  assert.equal(seen.status(), 200);
  await stranger.getByText('A secret summary').first().waitFor();
  await page.goto(`${editor}/side-by-side`);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Nobody without an account can see this draft.').waitFor();
  const ended = await stranger.goto(link);
  assert.notEqual(ended.status(), 200);
  assert.ok(!(await stranger.content()).includes('A secret summary'));
  assert.deepEqual([...page.faults, ...stranger.faults], []);
  await stranger.context().close();
});

test('a viewer sees what is live, and no draft by any door', async () => {
  const viewer = await open('vera@example.com');
  await viewer.goto(editor);
  await viewer.getByText('You can read this, not change it').waitFor();
  for (const place of ['', '/draft', '/history', '/compare', '/side-by-side', '/check', '/plan', '/links', '/share']) {
    const answer = await viewer.request.get(`${editor}${place}`);
    assert.ok(!(await answer.text()).includes('secret summary'), `${place} shows the draft`);
  }
  for (const place of ['/admin', '/admin/c/posts', '/admin/c/posts?q=secret', '/admin/find?q=secret&for=link']) {
    assert.ok(!(await (await viewer.request.get(place)).text()).includes('secret summary'), `${place} shows the draft`);
  }
  await viewer.context().close();
});

test('a writer asks for a review, and who may publish sees it', async () => {
  const writer = await open('will@example.com');
  await writePost(writer, 'By Will', 'Please read.');
  await writer.getByRole('button', { name: 'Ask for review' }).click();
  await writer.getByText('Waiting for review').first().waitFor();
  const path = new URL(writer.url()).pathname;
  await writer.reload();
  await writer.getByRole('button', { name: 'Waiting for review' }).waitFor();
  await page.goto(path);
  await page.getByText('Waiting for review, asked by Will').waitFor();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await live(page).waitFor();
  await page.getByText('Waiting for review').waitFor({ state: 'hidden' });
  await page.reload();
  await page.getByText(/Published by Olga/).waitFor();
  assert.deepEqual([...writer.faults, ...page.faults], []);
  await writer.context().close();
});

test('a picture without alternative text is told at its field while writing', async () => {
  await page.goto('/admin/c/posts/new');
  await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
  await page.getByLabel('Title', { exact: true }).fill('Bare');
  await page.getByRole('textbox', { name: 'Text', exact: true }).pressSequentially('Text');
  await saved(page);
  const { pathname } = new URL(page.url());
  const token = await page.locator('meta[name=csrf]').getAttribute('content');
  const { rev } = await stored(page);
  const answer = await page.request.patch(`${pathname}/draft`, {
    headers: { 'X-CSRF-Token': token },
    data: { base: rev, client: 'abcdefgh', seq: 1, locale: 'en', follow_slug: true, why: 'saved', ops: [{ op: 'set', path: 'featured_image', value: { url: '/media/none.png', alt: '' } }] },
  });
  const { problems } = await answer.json();
  assert.match(problems.featured_image?.[0] ?? '', /no alternative text/);
});
