// Publishing and the rest right after typing and right after each other: no false conflict, nothing lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, choose, confirm, draft, eventually, open, post, publish, ready, saved, signedIn, site, text, title, toasts, write } from './desk.js';

const at = site();

/** A post of its own for a test, opened. */
async function begun(page, name) {
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type(name);
  await page.waitForURL(/\/admin\/c\/posts\/\d+/);
  await write(page, text(page), 'One.');
  return new URL(page.url()).pathname;
}

const named = (page, name) => page.locator('[data-publish]').getByRole('button', { name, exact: true });

/** No choice is asked for, and the form has these words. */
async function whole(page, words) {
  assert.equal(await page.getByRole('button', { name: 'Keep mine' }).count(), 0);
  assert.equal((await text(page).innerText()).trim(), words);
}

test('publish, go on typing, publish again, take off, publish, discard', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Straight on');
  await publish(page);
  await write(page, text(page), ' Two.');
  await named(page, 'Publish changes').waitFor();
  await button(page).click();
  await write(page, text(page), ' Three.');
  await saved(page);
  await whole(page, 'One. Two. Three.');
  assert.match((await post(at.larder, at.token, 'straight-on')).body, /One\. Two\./);
  await eventually(async () => assert.match((await draft(page, address)).values.body, /One\. Two\. Three\./));

  await write(page, text(page), ' Four.');
  await choose(page, /^Unpublish…/);
  await confirm(page, 'Unpublish');
  await named(page, 'Publish').waitFor();
  assert.equal(await post(at.larder, at.token, 'straight-on'), null);
  await whole(page, 'One. Two. Three. Four.');
  await write(page, text(page), ' Five.');
  await page.keyboard.press('Control+Enter');
  await eventually(async () => assert.match((await post(at.larder, at.token, 'straight-on')).body, /Four\. Five\./));

  await named(page, 'Published').waitFor();
  await write(page, text(page), ' Six.');
  await named(page, 'Publish changes').waitFor();
  await choose(page, /^Discard/);
  await confirm(page, 'Discard changes');
  await eventually(() => whole(page, 'One. Two. Three. Four. Five.'));
  await write(page, text(page), ' Seven.');
  await saved(page);
  await whole(page, 'One. Two. Three. Four. Five. Seven.');
  await publish(page);
  await eventually(async () => assert.match((await post(at.larder, at.token, 'straight-on')).body, /Five\. Seven\./));
  await page.reload();
  await ready(page);
  await whole(page, 'One. Two. Three. Four. Five. Seven.');
});

test('what was discarded comes back with its undo', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await begun(page, 'Discarded');
  await publish(page);
  await write(page, text(page), ' Two.');
  await named(page, 'Publish changes').waitFor();
  await choose(page, /^Discard/);
  await confirm(page, 'Discard changes');
  await eventually(() => whole(page, 'One.'));
  await toasts(page).getByRole('button', { name: 'Undo', exact: true }).click();
  await eventually(() => whole(page, 'One. Two.'));
  await write(page, text(page), ' Three.');
  await publish(page);
  await eventually(async () => assert.match((await post(at.larder, at.token, 'discarded')).body, /One\. Two\. Three\./));
});

test('a time is set right after typing, and typing goes on', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Scheduled');
  await choose(page, /^Schedule/);
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=date]').fill('2030-03-01');
  await dialog.locator('input[type=time]').fill('08:00');
  await dialog.getByRole('button', { name: 'Schedule', exact: true }).click();
  await named(page, 'Change schedule').waitFor();
  await write(page, text(page), ' Two.');
  await saved(page);
  await whole(page, 'One. Two.');
  assert.match((await draft(page, address)).values.body, /One\. Two\./);
  await choose(page, /^Unschedule/);
  await named(page, 'Publish').waitFor();
  await publish(page);
  assert.match((await post(at.larder, at.token, 'scheduled')).body, /One\. Two\./);
});

test('with changes under way a time is set to take off what is live, and where its visitors go', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await begun(page, 'Taken off later');
  await publish(page);
  await write(page, text(page), ' Two.');
  await named(page, 'Publish changes').waitFor();
  await choose(page, /^Unpublish at a time/);
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=date]').fill('2099-03-01');
  await dialog.getByLabel(/^Send visitors of .* to/).fill('/jam');
  await dialog.getByRole('button', { name: 'Unpublish at a time', exact: true }).click();
  await toasts(page).getByText('Its visitors are sent to /jam then.').waitFor();
  await whole(page, 'One. Two.');
  assert.match((await post(at.larder, at.token, 'taken-off-later')).body, /One\./, 'it is live until then');
});

test('an answer that takes five seconds is no conflict with oneself', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await begun(page, 'Slow');
  await saved(page);
  let slow = true;
  await page.route('**/draft', async (route) => {
    if (route.request().method() === 'GET' || !slow) return route.continue();
    slow = false;
    const response = await route.fetch();
    await new Promise((done) => { setTimeout(done, 5000); });
    return route.fulfill({ response });
  });
  await write(page, text(page), ' Two.');
  await page.keyboard.press('Control+s');
  await page.keyboard.type(' Three.');
  await eventually(async () => assert.match((await draft(page, address)).values.body, /One\. Two\. Three\./));
  await whole(page, 'One. Two. Three.');
});
