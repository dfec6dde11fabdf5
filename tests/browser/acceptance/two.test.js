// Two people at one entry: different fields go together without a question, the same field is somebody's choice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, draft, eventually, field, open, post, publish, saved, signedIn, site, text, title, write } from './desk.js';

const at = site({ people: { 'olga@example.com': 'owner', 'maja@example.com': 'editor' } });

/** Olga and Maja, both at the same post. */
async function both(t) {
  const olga = await signedIn(t, at.browser, at.larder);
  const maja = await signedIn(t, at.browser, at.larder, { email: 'maja@example.com' });
  const address = await addressOf(olga, 'posts', 'A stollen worth the wait');
  await open(olga, address);
  await open(maja, address);
  return { olga, maja, address };
}

test('different fields are both saved without a question', async (t) => {
  const { olga, maja, address } = await both(t);
  await write(olga, text(olga), ' Olga was here.');
  await write(maja, field(maja, 'summary'), ' Maja too.');
  await saved(olga);
  await saved(maja);
  const { values } = await draft(olga, address);
  assert.match(values.body, /Olga was here\./);
  assert.match(values.summary, /Maja too\./);
  await eventually(async () => assert.match(await text(maja).innerText(), /Olga was here\./));
  await eventually(async () => assert.match(await field(olga, 'summary').inputValue(), /Maja too\./));
  for (const page of [olga, maja]) assert.equal(await page.getByRole('button', { name: 'Keep mine' }).count(), 0);
});

test('the same field: both texts are shown, and nothing goes live before a choice', async (t) => {
  const { olga, maja, address } = await both(t);
  await maja.context().setOffline(true);
  await write(maja, title(maja), ', says Maja');
  await write(olga, title(olga), ', says Olga');
  await saved(olga);
  await maja.context().setOffline(false);
  const choice = maja.locator('.f[data-path="@title"], .post').filter({ hasText: 'says Olga' }).first();
  await choice.waitFor();
  await maja.getByRole('button', { name: 'Keep mine' }).first().waitFor();
  assert.match(await title(maja).inputValue(), /says Maja$/);
  await maja.locator('[data-publish] [aria-disabled=true]').first().waitFor();
  await maja.getByText('Choose between the two versions first').first().waitFor();
  // Other fields are saved meanwhile.
  await write(maja, field(maja, 'summary'), ' And more.');
  await eventually(async () => assert.match((await draft(maja, address)).values.summary, /And more\.$/));
  assert.match((await draft(maja, address)).values['@title'], /says Olga$/);
  await maja.getByRole('button', { name: 'Keep mine' }).first().click();
  await eventually(async () => assert.match((await draft(maja, address)).values['@title'], /says Maja$/));
  await publish(maja);
  const { slug } = await draft(maja, address);
  assert.match((await post(at.larder, at.token, slug)).title, /says Maja$/);
});
