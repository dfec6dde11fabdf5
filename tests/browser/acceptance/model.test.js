// Building the content model: from an empty folder to the API's answer, by pointer and by keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, PASSWORD, axe, newPage, openChromium, signIn } from '../larder.js';
import { live, ready, saved } from './desk.js';
import { reach } from './keys.js';
import { Person } from './person.js';

let browser;
let empty;
let larder;

before(async () => {
  empty = await Larder.start({ starter: false, people: {} });
  larder = await Larder.start({ starter: false });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await empty?.end();
  await larder?.end();
});

/** What the field lists show, in order. */
const keys = (page) => page.locator('.fields tr[data-id] small.mono').allTextContents();

/** A signed-in page at an address of the builder. */
async function builder(t, address, options) {
  const page = await newPage(browser, larder, { width: 1440, ...options });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(page.faults, []);
  });
  await signIn(page);
  await page.goto(address);
  return page;
}

/** Saves what is on the board, whatever it loses. */
async function save(page, typed) {
  await page.goto('/admin/model/plan');
  if (typed) await page.getByLabel(/^Type .* to agree/).fill(typed);
  await page.getByRole('button', { name: 'Save the model' }).click();
  await page.getByText('The model is saved').first().waitFor();
}

test('somebody new builds a page type, writes a page of it and gets it from the API', async (t) => {
  const page = await newPage(browser, empty);
  const person = new Person(page);
  person.done.push('opens the address from the terminal');
  await page.goto(empty.setup);
  if (await page.getByLabel('Code from the terminal').isVisible()) await person.press('Go on');
  await person.fill('Name', 'Olga Berg');
  await person.fill('Email', 'olga@example.com');
  await person.fill('Password', PASSWORD);
  await person.press('Make the account');
  await person.fill('Name of the site', 'Berg');
  await person.press('Go on');
  await person.press(/^Blog only/);
  const token = /auth_token=([\w-]+)/.exec(await page.locator('#curl-code').textContent())[1];
  await person.press('Go to the dashboard');
  await person.press('Content model', 'link');
  person.done.push('opens Add a page type');
  await page.getByText('Add a page type').click();
  await person.fill('Name of the page type', 'Recipe');
  person.done.push('presses Enter');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/model/p.recipe**');
  await person.fill('Add fields by typing', 'intro text! max:120\nminutes number min:1\nmethod rich');
  await person.press('Add fields');
  await page.locator('.fields tr[data-id="method"]').waitFor();
  await person.press('Review and save', 'link');
  await person.press('Save the model');
  await page.getByText('The model is saved').first().waitFor();
  await person.press('Recipe', 'link');
  await person.press(/^New/, 'link');
  await ready(page);
  person.done.push('types the title');
  await page.locator('[name="@title"]').fill('Rye bread');
  person.done.push('types Intro');
  await page.locator('[name="intro"]').fill('Dark and sour.');
  person.done.push('presses Ctrl S');
  await saved(page);
  await person.press('Publish');
  await live(page).waitFor();
  const { status, body } = await empty.api('/pages/recipe/rye-bread/', token);
  assert.equal(status, 200);
  assert.deepEqual(body.data.fields, { intro: 'Dark and sour.', minutes: null, method: '' });
  assert.deepEqual(page.faults, []);
  await page.context().close();
  t.diagnostic(`${person.done.length} actions: ${person.done.join(', ')}`);
  assert.ok(person.done.length < 25, `${person.done.length} actions`);
});

test('by the keyboard alone: types completed, fields moved, saved', async (t) => {
  const page = await builder(t, '/admin/model');
  await reach(page, /^Add a collection$/);
  await page.keyboard.press('Enter');
  await reach(page, /^Name of the collection$/);
  await page.keyboard.type('Flours');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/model/k.flours**');
  // The lines have the focus when a type is new.
  await page.locator('textarea[name=lines]:focus').waitFor();
  await page.keyboard.type('name te');
  await page.locator('.words [role=option][aria-selected=true]', { hasText: 'text' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('! max:60');
  await page.keyboard.press('Enter');
  await page.keyboard.type('price num');
  await page.locator('.words [role=option][aria-selected=true]', { hasText: 'number' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('grain choice(rye,wheat)');
  assert.equal(await page.locator('textarea[name=lines]').first().inputValue(), 'name text! max:60\nprice number\ngrain choice(rye,wheat)');
  await page.keyboard.press('Control+Enter');
  await page.locator('.fields tr[data-id="grain"]').waitFor();
  assert.deepEqual(await keys(page), ['name', 'price', 'grain']);

  await page.locator('#row-grain').focus();
  await page.keyboard.press('ArrowUp');
  await page.locator('#row-price:focus').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForURL('**field=grain&at=up');
  assert.deepEqual(await keys(page), ['name', 'grain', 'price']);
  // The button that moved it has the focus, to go on with.
  await page.locator('button[data-do="field-up"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.fields tr[data-id]').first().filter({ hasText: 'grain' }).waitFor();

  await reach(page, /^Review and save$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/model/plan');
  await reach(page, /^Save the model$/);
  await page.keyboard.press('Enter');
  await page.getByText('The model is saved').first().waitFor();
});

test('by the pointer: lines that are wrong are told, fields dragged, changed, removed and restored', async (t) => {
  const page = await builder(t, '/admin/model');
  await page.getByRole('button', { name: /^FAQ/ }).click();
  await page.waitForURL('**/admin/model/k.faq');
  const lines = page.getByLabel('Add fields by typing');
  await lines.fill('when daet\nrank number\n');
  await page.getByText('There is no type “daet”; is it date?').first().waitFor();
  await lines.fill('rank number');
  await page.getByRole('button', { name: 'Add fields' }).click();
  await page.locator('.fields tr[data-id="rank"]').waitFor();

  const grip = page.locator('.fields tr[data-id="rank"] [data-handle]');
  const from = await grip.boundingBox();
  const top = await page.locator('.fields tr[data-id="question"]').boundingBox();
  const moved = page.waitForResponse((response) => response.url().includes('/admin/model/order'));
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(from.x + 5, top.y + 4, { steps: 12 });
  await page.mouse.up();
  assert.equal((await moved).status(), 204);
  await page.reload();
  assert.deepEqual(await keys(page), ['rank', 'question', 'answer', 'topic']);

  await page.getByRole('link', { name: /^Topic/ }).click();
  await page.getByLabel('Help text').fill('Where it belongs');
  await page.getByLabel('Most characters').fill('30');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.locator('.fields tr[data-id="topic"]', { hasText: 'max 30' }).waitFor();
  await page.getByRole('tab', { name: 'Form' }).click();
  await page.locator('.formed').getByText('Where it belongs').waitFor();
  await page.getByRole('tab', { name: 'JSON' }).click();
  assert.match(await page.locator('#result-json').textContent(), /"faq": \[/);
  await page.getByRole('tab', { name: 'TypeScript' }).click();
  assert.match(await page.locator('#result-types').textContent(), /export interface FaqItem \{/);
  await save(page);

  await page.goto('/admin/model/k.faq?field=topic');
  await page.getByRole('button', { name: 'Remove this field' }).click();
  await page.getByText('goes when you save').waitFor();
  await page.getByRole('button', { name: 'Restore Topic' }).click();
  await page.locator('.fields tr[data-id="topic"]').waitFor();
  assert.equal(await page.getByText('not saved').count(), 0, 'it is as it was');
});

test('a field is shown only while its condition holds', async (t) => {
  const page = await builder(t, '/admin/model');
  await page.getByRole('button', { name: /^Site settings/ }).click();
  await page.waitForURL('**/admin/model/s.site-settings');
  await page.getByLabel('Add fields by typing').fill('banner check\nbanner_text text! if:banner=true');
  await page.getByRole('button', { name: 'Add fields' }).click();
  await page.locator('.fields tr[data-id="banner_text"]').waitFor();
  await save(page);
  await page.goto('/admin/c/s.site-settings/new');
  await ready(page);
  const field = page.locator('.f[data-path="banner_text"]');
  await field.waitFor({ state: 'hidden' });
  await page.getByLabel('Banner', { exact: true }).check();
  await field.waitFor({ state: 'visible' });
});

test('the builder is sound in both themes', async (t) => {
  const page = await builder(t, '/admin/model');
  await page.getByRole('button', { name: /^Landing page/ }).click();
  await page.waitForURL('**/admin/model/p.landing-page');
  for (const address of ['/admin/model', '/admin/model/p.landing-page?field=sections', '/admin/model/components/hero?show=form', '/admin/model/plan', '/admin/model/import']) {
    await page.goto(address);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axe(page), [], `${address} ${colorScheme}`);
    }
  }
});
