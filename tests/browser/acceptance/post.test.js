// Writing posts: what is typed is saved, goes live, comes off again; and opening one changes nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, button, choose, confirm, draft, eventually, field, open, post, publish, ready, saved, signedIn, site, text, title, toasts, write } from './desk.js';

const at = site();

test('a post is written, kept, published and taken back', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  await write(page, title(page), ', and the butter');
  await write(page, text(page), ' Greta found the paper.');
  await saved(page);
  await page.reload();
  await ready(page);
  assert.equal(await title(page).inputValue(), 'A stollen worth the wait, and the butter');
  assert.match(await text(page).innerText(), /version\.\s*Greta found the paper\.$/);
  const { slug } = await draft(page, address);
  assert.equal(await post(at.larder, at.token, slug), null);

  await publish(page);
  await page.getByRole('button', { name: 'Published', exact: true }).waitFor();
  const live = await post(at.larder, at.token, slug);
  assert.equal(live.title, 'A stollen worth the wait, and the butter');
  assert.match(live.body, /Greta found the paper\./);

  await toasts(page).getByRole('button', { name: 'Undo publish' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).waitFor();
  assert.equal(await post(at.larder, at.token, slug), null);
  assert.equal(await title(page).inputValue(), 'A stollen worth the wait, and the butter');
});

test('a new post exists from the first key on', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type('S');
  await page.waitForURL(/\/admin\/c\/posts\/\d+/);
  await page.keyboard.type('eed bread');
  await write(page, text(page), 'Sunflower, linseed and sesame.');
  await saved(page);
  await page.reload();
  await ready(page);
  assert.equal(await title(page).inputValue(), 'Seed bread');
  assert.match(await text(page).innerText(), /Sunflower, linseed and sesame\./);
  await publish(page);
  assert.equal((await post(at.larder, at.token, 'seed-bread')).title, 'Seed bread');
});

test('visitors go along with an address that changes, and elsewhere when it goes', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const redirects = async () => (await at.larder.api('/redirects/', at.token)).body.data.redirects.map(({ from, to }) => `${from} ${to}`);
  await open(page, await addressOf(page, 'posts', 'Seed bread'));
  await field(page, '@slug').fill('bread-with-seeds');
  await saved(page);
  await button(page).click();
  const question = page.getByRole('dialog');
  await question.getByText('Publishing changes it from /seed-bread to /bread-with-seeds.').waitFor();
  assert.ok(await question.getByRole('checkbox').isChecked());
  await page.keyboard.press('Escape');
  assert.ok(await post(at.larder, at.token, 'seed-bread'), 'who does not answer changes nothing');
  await button(page).click();
  await confirm(page, 'Publish');
  await toasts(page).getByText('Visitors of /seed-bread are sent to /bread-with-seeds.').waitFor();
  assert.deepEqual(await redirects(), ['/seed-bread /bread-with-seeds']);

  await choose(page, /^Unpublish…/);
  await question.getByLabel('Send visitors of /bread-with-seeds to').fill('/breads');
  await confirm(page, 'Unpublish');
  await toasts(page).getByText('Visitors of /bread-with-seeds are sent to /breads.').waitFor();
  assert.deepEqual(await redirects(), ['/bread-with-seeds /breads', '/seed-bread /breads']);

  await page.goto('/admin/settings/redirects');
  await page.getByRole('button', { name: 'Remove the redirect from /seed-bread' }).click();
  await page.getByText('The redirect from /seed-bread is removed').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('The redirect from /seed-bread is back.').waitFor();
  assert.equal((await redirects()).length, 2);
});

test('a new post that nobody wrote in leaves nothing behind', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type('x');
  await page.waitForURL(/\/admin\/c\/posts\/\d+/);
  const address = new URL(page.url()).pathname;
  await page.keyboard.press('Backspace');
  await saved(page);
  await page.goto('/admin');
  await eventually(async () => assert.equal((await page.request.get(`${address}/draft`)).status(), 404));
});

test('opening an entry and leaving it sends nothing and changes nothing', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const sent = [];
  page.on('request', (request) => { if (request.method() !== 'GET') sent.push(`${request.method()} ${new URL(request.url()).pathname}`); });
  for (const [type, name] of [['posts', 'A stollen worth the wait, and the butter'], ['p.landing-page', 'Home']]) {
    const address = await addressOf(page, type, name);
    const was = await draft(page, address);
    await open(page, address);
    await page.keyboard.press('Tab');
    for (const control of await page.locator('ld-editor').getByRole('textbox').all()) if (await control.isVisible()) await control.focus();
    await page.goto('/admin');
    assert.deepEqual(await draft(page, address), was);
  }
  assert.deepEqual(sent.filter((one) => !one.endsWith('/presence')), []);
});
