import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { field, held, launch, line, stage, until } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
const scene = (run) => stage(() => browser)(run);

describe('the save queue', () => {
  it('saves after a pause, and at once on leaving a field', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'subtitle').fill('Oak and light');
    await field(page, 'intro').click();
    await until(() => server.value('subtitle') === 'Oak and light', 'the save');
    await until(async () => (await line(page)).startsWith('Saved'), 'the save line');
    assert.equal(server.saves().length, 1);
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' And cold.');
    await until(() => server.value('intro') === 'It is dark outside. And cold.', 'the pause');
  }));

  it('keeps one request in flight and merges what is typed meanwhile', scene(async ({ server, open }) => {
    const page = await open();
    const late = held();
    server.fail({ until: late.promise });
    await field(page, 'subtitle').fill('a');
    await page.keyboard.press('Control+s');
    await until(() => server.saves().length === 1);
    await until(async () => (await line(page)) === 'Saving…', 'Saving…');
    await field(page, 'subtitle').pressSequentially('bcdef');
    await field(page, 'intro').fill('x');
    await page.keyboard.press('Control+s');
    assert.equal(server.saves().length, 1, 'the second waits for the first');
    late.release();
    await until(() => server.value('intro') === 'x');
    assert.equal(server.value('subtitle'), 'abcdef');
    assert.equal(server.saves().length, 2);
    assert.equal(server.saves()[1].body.ops.length, 2);
  }));

  it('repeats a request whose reply was lost under the same number', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ drop: 'after', times: 1000 });
    await field(page, 'subtitle').fill('once');
    await page.keyboard.press('Control+s');
    await until(async () => (await line(page)) === 'Kept on this device, not sent yet', 'kept');
    server.faults.length = 0;
    await until(async () => (await line(page)).startsWith('Saved'));
    const [first, ...again] = server.saves();
    assert.ok(again.length > 0);
    assert.ok(again.every(({ repeated, body }) => repeated && JSON.stringify(body) === JSON.stringify(first.body)));
    await field(page, 'subtitle').fill('twice');
    await page.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'twice');
    assert.equal(await page.locator('[data-banner=conflict]').count(), 0);
  }));

  it('waits while the database does, and goes on', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ status: 503, body: { message: 'The database is away.' }, headers: { 'Retry-After': '1' }, times: 1000 });
    await field(page, 'subtitle').fill('patience');
    await page.keyboard.press('Control+s');
    await until(async () => (await line(page)).startsWith('Kept'));
    server.faults.length = 0;
    await until(() => server.value('subtitle') === 'patience');
    await until(async () => (await line(page)).startsWith('Saved'));
  }));

  it('loses nothing when the server is killed at any moment while someone writes', scene(async ({ server, open }) => {
    const page = await open();
    const words = 'The quick brown fox jumps over the lazy dog and the jar of jam stays on the shelf for winter. ';
    const moments = Array.from({ length: 6 }, () => Math.floor(Math.random() * 900));
    await field(page, 'intro').fill('');
    const writing = field(page, 'intro').pressSequentially(words.repeat(2), { delay: 12 });
    for (const moment of moments) {
      await new Promise((resolve) => { setTimeout(resolve, moment / 2); });
      server.kill();
      await new Promise((resolve) => { setTimeout(resolve, 150); });
      server.up();
      await page.evaluate(() => window.dispatchEvent(new Event('online')));
    }
    await writing;
    await until(() => server.value('intro') === words.repeat(2), `the text (moments ${moments})`);
    assert.equal(await page.locator('[data-banner=conflict]').count(), 0);
    const keys = server.saves().filter(({ repeated }) => !repeated).map(({ body }) => body.seq);
    assert.ok(keys.length >= 1);
  }));

  it('shows what cannot be stored at its field and saves the others', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'shop.price').fill('cheap');
    await field(page, 'subtitle').fill('fine');
    await page.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'fine');
    await until(async () => (await line(page)).includes('This is not a number'), 'the reason');
    assert.equal(await field(page, 'shop.price').getAttribute('aria-invalid'), 'true');
    assert.equal(await field(page, 'shop.price').inputValue(), 'cheap');
    await field(page, 'shop.price').fill('12');
    await page.keyboard.press('Control+s');
    await until(() => server.value('shop.price') === '12');
    await until(async () => (await line(page)).startsWith('Saved'));
  }));

  it('keeps a text that is too large and sends the rest', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'intro').evaluate((area) => {
      area.value = 'x'.repeat(5_000_000);
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await field(page, 'subtitle').fill('small');
    await page.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'small');
    await until(async () => (await line(page)).includes('too long'));
    assert.equal((await field(page, 'intro').inputValue()).length, 5_000_000);
  }));

  it('renews a refused token by itself', scene(async ({ server, open }) => {
    const page = await open();
    server.csrf[3] = 'a new token';
    await field(page, 'subtitle').fill('token');
    await page.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'token');
    assert.equal(await page.locator('dialog').filter({ hasText: 'Please sign in' }).count(), 0);
  }));

  it('gives a new entry its id at the first key and sends the rest there', scene(async ({ server, open }) => {
    const page = await open('/admin/c/p.landing/new');
    server.fail({ drop: 'after' });
    await field(page, '@title').pressSequentially('Spring', { delay: 5 });
    await page.keyboard.press('Control+s');
    await until(() => page.url().endsWith('/18'), 'the address');
    await field(page, 'intro').fill('Now.');
    await page.keyboard.press('Control+s');
    await until(() => server.value('intro', '18') === 'Now.');
    assert.equal(server.entries.size, 2, 'the lost reply made no second entry');
    await until(async () => (await field(page, '@slug').inputValue()) === 'spring', 'the slug follows');
    await page.reload();
    assert.equal(await field(page, '@title').inputValue(), 'Spring');
  }));

  it('removes an empty draft when it is left', scene(async ({ server, open }) => {
    const page = await open('/admin/c/p.landing/new');
    await field(page, '@title').fill('x');
    await page.keyboard.press('Control+s');
    await until(() => page.url().endsWith('/18'));
    await field(page, '@title').fill('');
    await page.keyboard.press('Control+s');
    await until(() => server.value('@title', '18') === '');
    await page.goto(`${server.origin}/admin/away`);
    await until(() => !server.entries.has('18'), 'the empty draft to go');
  }));

  it('keeps right-to-left text, emoji and markup as they are', scene(async ({ server, open }) => {
    const page = await open();
    const text = 'مطبخ دافئ 👩‍🍳🪵 <b>&amp;</b> "שלום"\n— 1 < 2';
    await field(page, 'intro').fill(text);
    await field(page, 'subtitle').fill('👩‍👩‍👧‍👦'.repeat(17));
    await page.keyboard.press('Control+s');
    await until(() => server.value('intro') === text);
    assert.equal(await page.locator('.f[data-path=subtitle] [data-counter]').textContent(), '17 / 20');
  }));

  it('is not shaken by a clock an hour off', scene(async ({ server, main, open }) => {
    await main.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - 3_600_000;
    });
    const page = await open();
    await field(page, 'subtitle').fill('late');
    await page.keyboard.press('Control+s');
    await until(() => server.value('subtitle') === 'late');
    await until(async () => /^Saved (just now|\d+ s ago)$/.test(await line(page)));
  }));
});
