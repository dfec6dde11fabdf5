import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { field, held, launch, line, stage, until } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
const scene = (run) => stage(() => browser)(run);
const conflict = (page) => page.locator('[data-banner=conflict]');
const publish = (page) => page.locator('[data-publish] button').first();

describe('two people', () => {
  it('in different fields: both are saved, nobody is asked, both see both', scene(async ({ server, open, context }) => {
    const maja = await open();
    const ida = await open(undefined, await context('ida'));
    await Promise.all([field(maja, 'subtitle').fill('by Maja'), field(ida, 'intro').fill('by Ida')]);
    await Promise.all([maja.keyboard.press('Control+s'), ida.keyboard.press('Control+s')]);
    await until(() => server.value('subtitle') === 'by Maja' && server.value('intro') === 'by Ida', 'both');
    await until(async () => (await field(maja, 'intro').inputValue()) === 'by Ida', 'Maja sees Ida’s');
    await until(async () => (await field(ida, 'subtitle').inputValue()) === 'by Maja', 'Ida sees Maja’s');
    assert.equal(await conflict(maja).count() + await conflict(ida).count(), 0);
  }));

  it('see each other, and where', scene(async ({ open, context }) => {
    const maja = await open();
    const ida = await open(undefined, await context('ida'));
    await field(ida, 'intro').focus();
    await maja.locator('[data-presence] .av[title="Ida Berg is here"]').waitFor();
    await maja.locator('.f[data-path=intro].ed-other').waitFor();
    assert.match(await maja.locator('.f[data-path=intro] .ed-there').textContent(), /Ida Berg/);
    await ida.close();
    await maja.locator('[data-presence] .av').waitFor({ state: 'detached' });
  }));

  it('in the same field: both texts stay until someone chooses', scene(async ({ server, open, context }) => {
    const maja = await open();
    const ida = await open(undefined, await context('ida'));
    // Ida's request is on its way when Maja's overtakes it.
    const late = held();
    server.fail({ until: late.promise });
    await field(ida, 'intro').fill('Ida writes');
    await ida.keyboard.press('Control+s');
    await until(() => server.saves().length === 1, 'Ida’s request');
    await field(maja, 'intro').fill('Maja writes');
    await maja.keyboard.press('Control+s');
    await until(() => server.value('intro') === 'Maja writes');
    late.release();
    await conflict(ida).waitFor();
    assert.match(await conflict(ida).textContent(), /Maja Sund saved this/);
    assert.equal(await field(ida, 'intro').inputValue(), 'Ida writes', 'the own text stays in the form');
    assert.match(await ida.locator('.ed-conflict').textContent(), /Maja writes/);
    assert.equal(await line(ida), 'Needs your choice');
    assert.equal(await publish(ida).getAttribute('aria-disabled'), 'true');
    assert.match(await ida.locator('.ed-reason').textContent(), /Choose between/);
    // Other fields go on being saved.
    await field(ida, 'subtitle').fill('still saved');
    await ida.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'still saved');
    assert.equal(server.value('intro'), 'Maja writes');
    await ida.locator('.ed-conflict').getByRole('button', { name: 'Keep mine' }).click();
    await until(() => server.value('intro') === 'Ida writes');
    await conflict(ida).waitFor({ state: 'detached' });
    await field(maja, 'subtitle').focus();
    await publish(ida).click();
    await until(() => server.entry().status === 'published');
    await until(async () => (await field(maja, 'intro').inputValue()) === 'Ida writes');
  }));

  it('taking theirs, and a conflict about a conflict', scene(async ({ server, open }) => {
    const page = await open();
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'Second' }], 'Ida Berg', 4);
    await field(page, 'intro').fill('Mine');
    await page.keyboard.press('Control+s');
    await conflict(page).waitFor();
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'Third' }], 'Ida Berg', 4);
    await page.locator('.ed-conflict').getByRole('button', { name: 'Keep mine' }).click();
    await until(async () => /Third/.test(await page.locator('.ed-conflict').textContent()), 'the newer text');
    assert.equal(server.value('intro'), 'Third', 'never written over without a choice');
    assert.equal(await field(page, 'intro').inputValue(), 'Mine');
    await page.locator('.ed-conflict').getByRole('button', { name: 'Take theirs' }).click();
    assert.equal(await field(page, 'intro').inputValue(), 'Third');
    await until(async () => (await line(page)).startsWith('Saved'));
    assert.equal(server.value('intro'), 'Third');
  }));

  it('a field shown stale is never written over: the merge brings it up to date first', scene(async ({ server, open }) => {
    const page = await open();
    // No event tells of this change; only the answer to the next save does.
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'From elsewhere' }], 'Ida Berg', 4);
    await field(page, 'subtitle').fill('mine');
    await page.keyboard.press('Control+s');
    await until(async () => (await field(page, 'intro').inputValue()) === 'From elsewhere');
    // The same while the caret is in it: nothing moves, and typing asks.
    await field(page, 'intro').focus();
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'Again from elsewhere' }], 'Ida Berg', 4);
    server.emit('saved', { rev: server.entry().rev, client: 'x', user: 4, by: 'Ida Berg' });
    await until(() => server.log.some(({ method, path }) => method === 'GET' && path.endsWith('/draft')), 'the fetch');
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    assert.equal(await field(page, 'intro').inputValue(), 'From elsewhere', 'nothing changes under the caret');
    await page.keyboard.press('End');
    await page.keyboard.type('!');
    await conflict(page).waitFor();
    assert.equal(server.value('intro'), 'Again from elsewhere');
    assert.equal(await field(page, 'intro').inputValue(), 'From elsewhere!');
  }));

  it('one removes a component the other writes in', scene(async ({ server, open }) => {
    const page = await open();
    await page.locator('.cmp[data-id=q2w3] [data-card=toggle]').click();
    server.entry().save(server.entry().rev, [{ op: 'remove', list: 'body', id: 'q2w3' }], 'Ida Berg', 4);
    await field(page, 'body[q2w3].text').fill('We cook together.');
    await page.keyboard.press('Control+s');
    await conflict(page).waitFor();
    await page.locator('.ed-conflict').getByRole('button', { name: 'Keep mine' }).click();
    await until(() => server.value('body[q2w3].text') === 'We cook together.');
    assert.deepEqual(server.entry().doc.lists.body.map(({ id }) => id), ['k3f9', 'q2w3', 'z9z9']);
    assert.equal(server.value('body[q2w3].by'), 'Ane', 'the whole component is back');
  }));

  it('both add and move components: both are kept', scene(async ({ server, open, context }) => {
    const maja = await open();
    const ida = await open(undefined, await context('ida'));
    await ida.locator('.cmp[data-id=k3f9] > header [data-card=duplicate]').click();
    await maja.locator('.cmp[data-id=z9z9] header').first().focus().catch(() => {});
    await maja.locator('.cmp[data-id=z9z9] [data-card=more]').click();
    await maja.getByRole('menuitem', { name: 'Move up' }).click();
    await until(() => server.entry().doc.lists.body.length === 4 && server.entry().doc.lists.body.findIndex(({ id }) => id === 'z9z9') < server.entry().doc.lists.body.findIndex(({ id }) => id === 'q2w3'), 'both changes');
    for (const page of [maja, ida]) {
      await until(async () => JSON.stringify(await page.locator('ld-blocks[data-path=body] > ol > .cmp').evaluateAll((all) => all.map(({ dataset }) => dataset.id))) === JSON.stringify(server.entry().doc.lists.body.map(({ id }) => id)), 'the same order everywhere');
    }
    const copy = server.entry().doc.lists.body.find(({ id }) => !['k3f9', 'q2w3', 'z9z9'].includes(id));
    assert.equal(await field(maja, `body[${copy.id}].headline`).inputValue(), 'A kitchen that keeps the dark out');
  }));

  it('someone published or deleted it meanwhile', scene(async ({ server, open, context }) => {
    const maja = await open();
    const ida = await open(undefined, await context('ida'));
    await publish(ida).click();
    await maja.locator('[data-banner=event]').waitFor();
    assert.match(await maja.locator('[data-banner=event]').textContent(), /Ida Berg published this/);
    await until(async () => (await publish(maja).textContent()) === 'Published');
    await field(maja, 'intro').fill('Unsent and kept');
    await ida.locator('[data-action=delete]').click();
    await ida.locator('dialog').getByRole('button', { name: 'Delete' }).click();
    await maja.locator('[data-banner=deleted]').waitFor();
    assert.equal(await field(maja, 'intro').inputValue(), 'Unsent and kept');
    await maja.locator('[data-banner=deleted]').getByRole('button', { name: 'Restore entry with my text' }).click();
    await until(() => !server.entry().deleted && server.value('intro') === 'Unsent and kept');
  }));

  it('without events, asking every so often is enough', scene(async ({ server, open }) => {
    server.noStreams = true;
    const page = await open();
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'Heard by asking' }], 'Ida Berg', 4);
    await until(async () => (await field(page, 'intro').inputValue()) === 'Heard by asking', 'the poll');
  }));
});

describe('two tabs of one person', () => {
  it('the second says so and takes over; both keep their text', scene(async ({ server, open }) => {
    const first = await open();
    const second = await open();
    await second.locator('[data-banner=tabs]').waitFor();
    assert.match(await second.locator('[data-banner=tabs]').textContent(), /Open in another tab/);
    assert.equal(await second.locator('.f[data-path=intro]').evaluate((el) => Boolean(el.closest('[inert]'))), true);
    await field(first, 'intro').fill('From the first tab');
    await second.locator('[data-banner=tabs]').getByRole('button', { name: 'Edit here' }).click();
    await first.locator('[data-banner=tabs]').waitFor();
    await until(() => server.value('intro') === 'From the first tab', 'the hand-over sends');
    await until(async () => (await field(second, 'intro').inputValue()) === 'From the first tab');
    assert.equal(await field(first, 'intro').inputValue(), 'From the first tab');
    await field(second, 'intro').fill('From the second');
    await second.keyboard.press('Control+s');
    await until(() => server.value('intro') === 'From the second');
    assert.equal(await conflict(second).count(), 0);
  }));
});

describe('an expired sign-in', () => {
  const expire = (server) => server.sessions.delete('maja');
  const signIn = async (page, email) => {
    await page.locator('dialog.ed-signin').waitFor();
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password').fill('correct horse');
    await page.locator('dialog.ed-signin').getByRole('button', { name: 'Sign in' }).click();
  };

  it('asks over the page, and goes on with the caret where it was', scene(async ({ server, open }) => {
    const page = await open();
    expire(server);
    await field(page, 'intro').fill('Before ');
    await page.keyboard.press('Control+s');
    await page.locator('dialog.ed-signin').waitFor();
    await page.getByLabel('Password').fill('wrong');
    await page.getByLabel('Mail address').fill('maja@example.com');
    await page.locator('dialog.ed-signin').getByRole('button', { name: 'Sign in' }).click();
    await page.locator('dialog.ed-signin .err').waitFor();
    await signIn(page, 'maja@example.com');
    await until(() => server.value('intro') === 'Before ');
    await page.locator('dialog.ed-signin').waitFor({ state: 'detached' });
    await page.keyboard.type('after');
    assert.equal(await field(page, 'intro').inputValue(), 'Before after');
    await page.keyboard.press('Control+s');
    await until(() => server.value('intro') === 'Before after');
    assert.equal(await page.locator('[data-banner=signin]').count(), 0);
  }));

  it('typing may go on, the device keeps it', scene(async ({ server, open }) => {
    const page = await open();
    expire(server);
    await field(page, 'intro').fill('One');
    await page.keyboard.press('Control+s');
    await page.locator('dialog.ed-signin').waitFor();
    await page.keyboard.press('Escape');
    await field(page, 'intro').fill('One and two');
    await until(async () => (await line(page)) === 'Kept on this device, not sent yet');
    await page.locator('[data-banner=signin]').getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, 'maja@example.com');
    await until(() => server.value('intro') === 'One and two');
  }));

  it('sends nothing as somebody else', scene(async ({ server, open }) => {
    const page = await open();
    expire(server);
    await field(page, 'intro').fill('Maja’s own');
    await page.keyboard.press('Control+s');
    await signIn(page, 'ida@example.com');
    await page.locator('[data-banner=other]').waitFor();
    assert.match(await page.locator('[data-banner=other]').textContent(), /This text belongs to Maja Sund/);
    await field(page, 'subtitle').fill('nor this');
    await page.keyboard.press('Control+s');
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    assert.equal(server.value('intro'), 'It is dark outside.');
    assert.equal(server.value('subtitle'), 'Warm oak');
    await page.locator('[data-banner=other]').getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, 'maja@example.com');
    await until(() => server.value('intro') === 'Maja’s own' && server.value('subtitle') === 'nor this');
  }));
});
