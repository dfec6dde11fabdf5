// A page of components: written in, added to, put in order, taken from, published.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, draft, open, publish, ready, saved, signedIn, site, toasts } from './desk.js';

const at = site();

const cards = (page) => page.locator('ld-blocks[data-kind="picker"] > ol > .cmp');
const kinds = (page) => cards(page).evaluateAll((all) => all.map((card) => card.dataset.component));
const act = (card, name) => card.locator(':scope > header').getByRole('button', { name: new RegExp(`^${name}`) });

test('a page of components is written, put in order and published', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await addressOf(page, 'p.landing-page', 'Home');
  await open(page, address);
  const before = await kinds(page);
  const first = cards(page).first();
  const headline = first.getByRole('textbox').first();
  await headline.fill('Flour from the other bank');
  await saved(page);
  await page.getByRole('button', { name: 'Publish changes' }).waitFor();

  await page.locator('ld-blocks[data-kind="picker"] > .ed-add').click();
  await page.getByRole('dialog').getByRole('button', { name: /Testimonials/ }).click();
  await saved(page);
  assert.deepEqual(await kinds(page), [...before, before.at(-1)]);
  await act(cards(page).last(), 'Move up').click();
  await saved(page);
  await act(first, 'Move down').click();
  await saved(page);
  const moved = [before[1], before[0], ...before.slice(2)];
  assert.deepEqual((await kinds(page)).slice(0, 5), moved);

  await act(cards(page).nth(2), 'More').click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await toasts(page).getByRole('button', { name: 'Undo' }).click();
  assert.deepEqual((await kinds(page)).slice(0, 5), moved);
  await act(cards(page).nth(4), 'More').click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await saved(page);
  const wanted = await kinds(page);

  await page.reload();
  await ready(page);
  assert.deepEqual(await kinds(page), wanted);
  assert.equal(await cards(page).nth(1).locator('input:not([type=hidden])').first().inputValue(), 'Flour from the other bank');
  await publish(page);
  const { slug } = await draft(page, address);
  const { body } = await at.larder.api(`/pages/landing-page/${slug}/`, at.token);
  const [key, list] = Object.entries(body.data.fields).find(([, value]) => Array.isArray(value) && value[0]?.type);
  assert.ok(key);
  assert.deepEqual(list.map(({ type }) => type), wanted);
  assert.equal(Object.values(list[1].fields)[0], 'Flour from the other bank');
});
