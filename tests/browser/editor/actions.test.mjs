import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { field, held, launch, line, stage, until } from './browser.mjs';
import { records } from './device.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
const scene = (run, options) => stage(() => browser, options)(run);
const publish = (page) => page.locator('[data-publish] button').first();
const more = (page, item) => page.locator('[data-publish] button').nth(1).click().then(() => page.getByRole('menuitem', { name: item, exact: true }).click());
const toast = (page, text) => page.locator('.toast', { hasText: text });

describe('publishing', () => {
  it('right after typing, with a late reply: no conflict with oneself, nothing lost', scene(async ({ server, open }) => {
    const page = await open();
    const late = held();
    server.fail({ until: late.promise });
    await field(page, 'intro').fill('One.');
    await page.keyboard.press('Control+s');
    await until(() => server.saves().length === 1);
    await field(page, 'intro').pressSequentially(' Two.');
    await publish(page).click();
    await field(page, 'intro').pressSequentially(' Three.');
    late.release();
    await until(() => server.entry().status === 'published', 'publishing');
    await toast(page, 'Live in 12 ms. 4 responses refreshed.').waitFor();
    assert.equal(server.entry().revisions.get(server.entry().live).doc.values.intro.startsWith('One. Two.'), true);
    await until(() => server.value('intro') === 'One. Two. Three.');
    assert.equal(await page.locator('[data-banner=conflict]').count(), 0);
    assert.equal(await field(page, 'intro').inputValue(), 'One. Two. Three.');
  }));

  it('one after the other, as fast as it goes: never a false conflict', scene(async ({ server, open }) => {
    const page = await open();
    for (let turn = 0; turn < 4; turn += 1) {
      await field(page, 'intro').fill(`Turn ${turn}`);
      await page.keyboard.press('Control+Enter');
      await until(() => server.entry().revisions.get(server.entry().live)?.doc.values.intro === `Turn ${turn}`, `turn ${turn}`);
      await field(page, 'subtitle').fill(`while ${turn}`);
    }
    await until(() => server.value('subtitle') === 'while 3');
    await until(async () => (await publish(page).textContent()) === 'Publish changes', 'the button follows');
    assert.equal(await page.locator('[data-banner=conflict]').count(), 0);
    assert.ok(!server.log.some(({ path, status }) => path.endsWith('/publish') && status === 409));
  }));

  it('is not done when the text cannot be sent', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ status: 503, body: { message: 'The database is away.' }, times: 1000 });
    await field(page, 'intro').fill('Stays here');
    await publish(page).click();
    await toast(page, 'Not done: Publish').waitFor();
    assert.equal(server.entry().status, 'draft');
    assert.ok(!server.log.some(({ path }) => path.endsWith('/publish')));
    assert.equal(await field(page, 'intro').inputValue(), 'Stays here');
  }));

  it('lists what is missing at the button, each line leading to its field', scene(async ({ server, open }) => {
    const page = await open();
    server.problems = { subtitle: ['A subtitle is needed.'], 'body[z9z9].headline': ['The headline has 70 of 60 characters.'] };
    await publish(page).click();
    const list = page.locator('.ed-problems');
    await list.waitFor();
    assert.match(await list.textContent(), /2 things are missing.*Subtitle.*Hero: Headline/s);
    await list.getByRole('button', { name: /Hero: Headline/ }).click();
    await until(() => field(page, 'body[z9z9].headline').evaluate((input) => input === document.activeElement), 'the field');
    assert.equal(await field(page, 'body[z9z9].headline').getAttribute('aria-invalid'), 'true');
    assert.equal(server.entry().status, 'draft');
  }));

  it('can be undone for a while', scene(async ({ server, open }) => {
    const page = await open();
    await publish(page).click();
    await toast(page, 'Live in').getByRole('button', { name: 'Undo publish' }).click();
    await until(() => server.entry().status === 'draft');
    await until(async () => (await publish(page).textContent()) === 'Publish');
  }));

  it('tells the truth when the answer is lost', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ match: ({ path }) => path.endsWith('/publish'), drop: 'after', times: 1 });
    server.fail({ match: ({ path, body }) => path.endsWith('/publish') && Boolean(body), drop: 'before', times: 3 });
    await publish(page).click();
    await until(async () => (await page.locator('.toast').allTextContents()).some((text) => /the answer got lost|Live in/i.test(text)), 'the truth');
    assert.equal(server.entry().status, 'published');
    await until(async () => (await publish(page).textContent()) === 'Published');
  }));

  it('shows first what someone else saved a moment ago', scene(async ({ server, open }) => {
    const page = await open();
    server.entry().save(server.entry().rev, [{ op: 'set', path: 'intro', value: 'Not seen yet' }], 'Ida Berg', 4);
    await publish(page).click();
    await toast(page, 'Ida Berg saved this a moment ago').waitFor();
    assert.equal(await field(page, 'intro').inputValue(), 'Not seen yet');
    assert.equal(server.entry().status, 'draft');
    await toast(page, 'Ida Berg saved').getByRole('button', { name: 'Publish now' }).click();
    await until(() => server.entry().status === 'published');
  }));

  it('says what it would change, before', scene(async ({ open }) => {
    const page = await open();
    await page.locator('[data-publish] button').nth(1).click();
    for (const place of ['[role=menu]', '#say']) await page.locator(place).getByText('Publishing changes 4 answers: 4 pages').waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('[data-publish] button').nth(1).evaluate((button) => button === document.activeElement), true);
  }));

  it('waits for uploads and says so', scene(async ({ server, open }) => {
    const page = await open();
    const late = held();
    server.mediaUntil = late.promise;
    const image = page.locator('.f[data-path="body[k3f9].image"]');
    await image.locator('input[type=file]').setInputFiles({ name: 'jars.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') });
    await until(async () => (await page.locator('.ed-reason').textContent()) === 'An upload is still running');
    assert.equal(await publish(page).getAttribute('aria-disabled'), 'true');
    late.release();
    await until(() => server.value('body[k3f9].image')?.url === '/media/m1');
    await until(async () => (await publish(page).getAttribute('aria-disabled')) === null);
    await image.getByRole('textbox', { name: 'Alt text' }).fill('Five jars');
    await page.keyboard.press('Control+s');
    await until(() => server.value('body[k3f9].image')?.alt === 'Five jars');
  }));
});

describe('later and away', () => {
  it('schedules in the site’s zone and says how long that is', scene(async ({ server, open }) => {
    const page = await open();
    await more(page, 'Schedule…');
    const dialog = page.locator('dialog');
    await dialog.getByLabel('Date').fill('2099-06-10');
    await dialog.getByLabel(/^Time/).fill('08:30');
    assert.match(await dialog.locator('#when-words').textContent(), /Wednesday,? 10 June 2099, 08:30 in Europe\/Oslo, in \d+ days/);
    assert.match(await dialog.textContent(), /Europe\/Oslo/);
    await dialog.getByRole('button', { name: 'Schedule' }).click();
    await until(() => server.entry().scheduledAt === '2099-06-10T06:30:00.000Z');
    await until(async () => (await publish(page).textContent()) === 'Change schedule');
    await more(page, 'Unschedule');
    await until(() => server.entry().status === 'draft');
  }));

  it('unpublishes after telling what will answer 404 and who links here', scene(async ({ server, open }) => {
    const page = await open();
    await until(async () => (await publish(page).textContent()) === 'Published');
    await more(page, 'Unpublish…');
    const dialog = page.locator('dialog');
    await until(async () => /404.*\/winter-kitchens.*links here.*Home/s.test(await dialog.textContent()));
    assert.equal(await dialog.getByRole('button', { name: 'Cancel' }).evaluate((button) => button === document.activeElement), true);
    await dialog.getByRole('button', { name: 'Unpublish' }).click();
    await until(() => server.entry().status === 'draft');
  }, { server: { status: 'published' } }));

  it('discards changes: the form shows what is live', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'intro').fill('A change of mind');
    await page.keyboard.press('Control+s');
    await until(async () => (await publish(page).textContent()) === 'Publish changes');
    await more(page, 'Discard changes…');
    await page.locator('dialog').getByRole('button', { name: 'Discard changes' }).click();
    await until(async () => (await field(page, 'intro').inputValue()) === 'It is dark outside.');
    await field(page, 'intro').fill('And on');
    await page.keyboard.press('Control+s');
    await until(() => server.value('intro') === 'And on');
    assert.equal(await page.locator('[data-banner=conflict]').count(), 0);
  }, { server: { status: 'published' } }));

  it('someone without the right asks for review', scene(async ({ open }) => {
    const page = await open();
    assert.equal(await publish(page).textContent(), 'Ask for review');
    assert.equal(await page.locator('[data-publish] button').count(), 1);
  }, { set: { mayPublish: false } }));

  it('a new version of the server: a quiet note', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'intro').fill('x');
    await page.keyboard.press('Control+s');
    await until(async () => (await line(page))?.startsWith('Saved'));
    server.version = '2';
    await field(page, 'intro').fill('xy');
    await page.keyboard.press('Control+s');
    await page.locator('[data-banner=version]').getByRole('button', { name: 'Reload to update' }).waitFor();
  }));

  it('signing out with unsent text asks first', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ status: 503, times: 100 });
    await field(page, 'intro').fill('Not sent');
    await page.keyboard.press('Control+s');
    await until(async () => (await line(page))?.startsWith('Kept'));
    await until(async () => (await records(page)).length === 1, 'the device copy');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('dialog').getByText('only on this device').waitFor();
    await page.locator('dialog').getByRole('button', { name: 'Stay' }).click();
    assert.match(page.url(), /\/17$/);
  }));
});
