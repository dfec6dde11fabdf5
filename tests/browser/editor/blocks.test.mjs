import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { picture } from '../acceptance/picture.js';
import { field, launch, stage, until } from './browser.mjs';
import { sample } from './server.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
const scene = (run, options) => stage(() => browser, options)(run);
const order = (server, list = 'body') => server.entry().doc.lists[list].map(({ id }) => id);
const shown = (page, list = 'body') => page.locator(`ld-blocks[data-path="${list}"] > ol > .cmp`).evaluateAll((all) => all.map(({ dataset }) => dataset.id));
const said = (page) => page.locator('#say').textContent();

describe('components', () => {
  it('move by keyboard, every step said, focus staying on the handle', scene(async ({ server, open }) => {
    const page = await open();
    const grip = page.locator('.cmp[data-id=k3f9] > header .ed-grip');
    await grip.focus();
    await page.keyboard.press('Enter');
    await until(async () => /Picked up: Hero, position 1 of 3/.test(await said(page)), 'picked up');
    await page.keyboard.press('ArrowDown');
    await until(async () => /Hero, position 2 of 3/.test(await said(page)), 'moved');
    await page.keyboard.press('ArrowDown');
    assert.deepEqual(await shown(page), ['q2w3', 'z9z9', 'k3f9']);
    await page.keyboard.press('Escape');
    assert.deepEqual(await shown(page), ['k3f9', 'q2w3', 'z9z9'], 'Escape returns');
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(() => order(server).join() === 'q2w3,k3f9,z9z9');
    assert.equal(await grip.evaluate((button) => button === document.activeElement), true);
    await page.keyboard.press('Alt+ArrowUp');
    await until(() => order(server).join() === 'k3f9,q2w3,z9z9');
    await page.keyboard.press('Control+z');
    await until(() => order(server).join() === 'q2w3,k3f9,z9z9', 'undo');
    await page.keyboard.press('Control+Shift+z');
    await until(() => order(server).join() === 'k3f9,q2w3,z9z9', 'redo');
  }));

  it('move by dragging', scene(async ({ server, open }) => {
    const page = await open();
    for (const id of ['k3f9']) await page.locator(`.cmp[data-id=${id}] > header [data-card=toggle]`).click();
    await page.locator('.cmp[data-id=q2w3] > header .ed-grip').dragTo(page.locator('.cmp[data-id=k3f9] > header'), { targetPosition: { x: 80, y: 4 } });
    await until(() => order(server).join() === 'q2w3,k3f9,z9z9', 'the drag');
    assert.deepEqual(await shown(page), ['q2w3', 'k3f9', 'z9z9']);
  }));

  it('are duplicated with all they hold, removed with a way back', scene(async ({ server, open }) => {
    const page = await open();
    await page.locator('.cmp[data-id=k3f9] > header [data-card=duplicate]').click();
    await until(() => order(server).length === 4);
    const [, copy] = order(server);
    assert.equal(server.value(`body[${copy}].headline`), 'A kitchen that keeps the dark out');
    const [link] = order(server, `body[${copy}].links`);
    assert.notEqual(link, 'q1aa');
    assert.equal(server.value(`body[${copy}].links[${link}].label`), 'Book');
    await field(page, `body[${copy}].headline`).fill('Another');
    await page.locator(`.cmp[data-id="${copy}"] > header [data-card=more]`).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await until(() => order(server).length === 3);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await until(() => server.value(`body[${copy}].headline`) === 'Another');
    assert.deepEqual(order(server), ['k3f9', copy, 'q2w3', 'z9z9']);
    assert.equal(server.value(`body[${copy}].links[${link}].label`), 'Book');
  }));

  it('are inserted from the picker where asked, up to the limit', scene(async ({ server, open }) => {
    const page = await open();
    await page.locator('.cmp[data-id=k3f9] > .insert button').click();
    await page.getByRole('searchbox', { name: 'Search components' }).fill('quote');
    await page.keyboard.press('Enter');
    await until(() => order(server).length === 4);
    assert.equal(server.entry().doc.lists.body[1].component, 'quote');
    await page.keyboard.type('Lovely.');
    await page.keyboard.press('Control+s');
    await until(() => server.value(`body[${order(server)[1]}].text`) === 'Lovely.');
    for (let at = 0; at < 2; at += 1) {
      await page.locator('ld-blocks[data-path=body] > .ed-add').click();
      await page.locator('.ed-choice[data-key=hero]').first().click();
    }
    await until(() => order(server).length === 6);
    assert.equal(await page.locator('ld-blocks[data-path=body] > .ed-add').isDisabled(), true);
    assert.match(await page.locator('ld-blocks[data-path=body] > .ed-count').textContent(), /6 of 6: no more fit/);
    assert.equal(await page.locator('[data-outline] h2 .n').textContent(), '6 of 6');
  }));

  it('are copied to another page', scene(async ({ server, open }) => {
    const page = await open();
    await page.locator('.cmp[data-id=k3f9] > header [data-card=more]').click();
    await page.getByRole('menuitem', { name: 'Copy for another page' }).click();
    const other = await open('/admin/c/p.landing/new');
    await other.locator('ld-blocks[data-path=body] > .ed-add').click();
    await other.getByRole('button', { name: 'Paste Hero' }).click();
    await until(() => server.entries.get('18')?.doc.lists.body.length === 1, 'the pasted component');
    const [{ id }] = server.entry('18').doc.lists.body;
    assert.equal(server.value(`body[${id}].headline`, '18'), 'A kitchen that keeps the dark out');
  }));

  it('follow the outline', scene(async ({ server, open }) => {
    const page = await open();
    await page.locator('[data-outline] [data-go]').nth(1).click();
    await until(() => field(page, 'body[q2w3].text').evaluate((input) => input === document.activeElement), 'the jump');
    await page.locator('[data-outline] .ed-grip').nth(2).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await until(() => order(server).join() === 'k3f9,z9z9,q2w3');
    assert.equal(await page.locator('[data-outline] .ed-grip').nth(1).evaluate((button) => button === document.activeElement), true);
  }));

  it('with one picture each are made by many files at once, each with its own fate', scene(async ({ server, open }) => {
    const page = await open();
    const list = page.locator('ld-blocks[data-path=shots]');
    const png = (name) => ({ name, mimeType: 'image/png', buffer: picture(23, 105, 75) });
    const arrived = () => order(server, 'shots').filter((id) => server.value(`shots[${id}].photo`)?.url === '/media/m1').length;
    server.fail({ match: ({ path }) => path === '/admin/media', status: 400, body: { error: 'The disk is full.' } });
    await list.locator('.ed-adds input[type=file]').setInputFiles(['a.png', 'b.png', 'c.png', 'd.png', 'e.png'].map(png));
    await page.locator('.toast', { hasText: '1 file did not fit' }).waitFor();
    await list.getByText('The disk is full.').waitFor();
    await until(() => order(server, 'shots').length === 4 && arrived() === 3, 'three of four');
    await until(async () => (await list.locator('.cmp > header .ico img').count()) === 4, 'a picture on each card');
    assert.equal(await list.locator('.cmp.open').count(), 1, 'only where something is to be done it is open');
    assert.equal(await list.getByRole('button', { name: 'Upload many files' }).isDisabled(), true);
    await list.getByRole('button', { name: 'Try again' }).click();
    await until(() => arrived() === 4, 'the fourth');
    await page.keyboard.press('Control+z');
    await until(() => arrived() === 3, 'what was done last, back');
    await page.keyboard.press('Control+z');
    await until(() => order(server, 'shots').length === 0, 'all four back, which came in one step');
    await page.keyboard.press('Control+Shift+z');
    await until(() => order(server, 'shots').length === 4 && arrived() === 3, 'and forth');
  }));

  it('with one picture each are made by dropping, behind the one they are dropped on', scene(async ({ server, open }) => {
    const page = await open();
    const list = page.locator('ld-blocks[data-path=shots]');
    const drop = (place) => place.evaluate((target) => {
      target.scrollIntoView({ block: 'center' });
      const data = new DataTransfer();
      for (const name of ['one.png', 'two.png']) data.items.add(new File(['\x89PNG'], name, { type: 'image/png' }));
      const { left, top } = target.getBoundingClientRect();
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, clientX: left + 5, clientY: top + 5, bubbles: true, cancelable: true }));
      }
    });
    await drop(list.locator('.ed-adds'));
    await until(() => order(server, 'shots').length === 2, 'two items');
    const [first, second] = order(server, 'shots');
    await list.locator('.cmp').first().locator('[data-card=toggle]').click();
    await drop(list.locator('.cmp').first().locator('.imgf'));
    await until(() => order(server, 'shots').length === 3, 'a third');
    assert.deepEqual([order(server, 'shots')[0], order(server, 'shots')[2]], [first, second]);
    for (const id of order(server, 'shots')) await until(() => server.value(`shots[${id}].photo`)?.url === '/media/m1');
  }));

  it('10,000 items of a repeater stay usable', scene(async ({ server, open }) => {
    const began = Date.now();
    const page = await open();
    const opened = Date.now() - began;
    const last = 'f9999';
    await page.locator(`.cmp[data-id=${last}]`).scrollIntoViewIfNeeded();
    await page.locator(`.cmp[data-id=${last}] > header [data-card=toggle]`).click();
    const typed = Date.now();
    await field(page, `faq[${last}].label`).fill('The last one');
    await page.keyboard.press('Control+s');
    await until(() => server.value(`faq[${last}].label`) === 'The last one');
    const saved = Date.now() - typed;
    await page.locator(`.cmp[data-id=${last}] > header [data-card=up]`).click();
    await until(() => order(server, 'faq').at(-2) === last);
    await page.locator(`.cmp[data-id=${last}] > header [data-card=duplicate]`).click();
    await until(() => order(server, 'faq').length === 10_001);
    console.log(`# 10,000 items: open ${opened} ms, type and save ${saved} ms`);
  }, { server: { doc: many() } }));
});

function many() {
  const doc = sample();
  doc.lists.faq = Array.from({ length: 10_000 }, (_, at) => ({ id: `f${String(at).padStart(4, '0')}` }));
  for (const [at, { id }] of doc.lists.faq.entries()) doc.values[`faq[${id}].label`] = `Question ${at}`;
  return doc;
}

describe('fields', () => {
  it('choices and references can be undone, typing has its own undo', scene(async ({ server, open }) => {
    const page = await open();
    await page.getByRole('checkbox', { name: 'Featured' }).check();
    await until(() => server.value('featured') === true);
    await page.keyboard.press('Control+z');
    await until(() => server.value('featured') === false, 'undo of a choice');
    assert.equal(await page.getByRole('checkbox', { name: 'Featured' }).isChecked(), false);
    const search = page.getByRole('combobox', { name: 'Search People' });
    await search.click();
    await search.fill('ola');
    await page.getByRole('option', { name: /Ola Nord/ }).waitFor();
    await page.keyboard.press('Enter');
    await until(() => JSON.stringify(server.value('people')) === '["7","8","9"]');
    await page.getByText('“Ola Nord” is not published').waitFor();
    await page.getByRole('button', { name: 'Move Ola Nord up' }).click();
    await until(() => JSON.stringify(server.value('people')) === '["7","9","8"]');
    await page.getByRole('button', { name: 'Remove Person 7' }).click();
    await until(() => JSON.stringify(server.value('people')) === '["9","8"]');
  }));

  it('creates the entry a reference needs without leaving', scene(async ({ server, open }) => {
    const page = await open();
    await page.getByRole('button', { name: 'Create new' }).click();
    const sheet = page.locator('dialog.sheet0');
    await sheet.getByLabel('Name').fill('Nina Ny');
    await sheet.getByRole('button', { name: 'Use it' }).click();
    await until(() => server.value('people').length === 3);
    assert.equal(server.value('people')[2], '18');
    assert.equal(server.value('@title', '18'), 'Nina Ny');
    await page.locator('.ed-refs').getByText('Nina Ny').waitFor();
  }));

  it('makes tags by typing', scene(async ({ server, open }) => {
    const page = await open();
    const box = page.getByRole('combobox', { name: 'Add to Tags' });
    await box.click();
    await box.fill('Winter');
    await page.getByRole('option', { name: 'Create “Winter”' }).click();
    await until(() => JSON.stringify(server.value('tags')) === '["1","56"]');
    await page.getByRole('button', { name: 'Remove Guides' }).click();
    await until(() => JSON.stringify(server.value('tags')) === '["56"]');
  }));

  it('an upload that breaks keeps its place, says why and can be tried again', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ match: ({ path }) => path === '/admin/media', status: 400, body: { error: 'The disk is full.' } });
    const image = page.locator('.f[data-path="body[k3f9].image"]');
    await image.locator('input[type=file]').setInputFiles({ name: 'jars.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') });
    await image.getByText('The disk is full.').waitFor();
    await image.getByRole('button', { name: 'Try again' }).click();
    await until(() => server.value('body[k3f9].image')?.url === '/media/m1');
    await image.getByRole('button', { name: 'Remove', exact: true }).click();
    await until(() => server.value('body[k3f9].image') === null);
    await page.keyboard.press('Control+z');
    await until(() => server.value('body[k3f9].image')?.url === '/media/m1', 'undo of a removed picture');
  }));

  it('a file dropped beside a field lands in it, and the place is lit before', scene(async ({ server, open }) => {
    const page = await open();
    const image = page.locator('.f[data-path="body[k3f9].image"] ld-image');
    await image.scrollIntoViewIfNeeded();
    const drag = (type) => image.evaluate((field, kind) => {
      const data = new DataTransfer();
      data.items.add(new File(['\x89PNG'], 'jars.png', { type: 'image/png' }));
      const { left, top } = field.getBoundingClientRect();
      document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, clientX: left - 40, clientY: top + 5, bubbles: true, cancelable: true }));
      return field.className;
    }, type);
    await drag('dragenter');
    assert.match(await drag('dragover'), /takes-drop/);
    assert.doesNotMatch(await drag('drop'), /takes-drop/);
    await until(() => server.value('body[k3f9].image')?.url === '/media/m1');
  }));

  it('say what is wrong on leaving, and dates in words', scene(async ({ open }) => {
    const page = await open();
    await field(page, 'subtitle').fill('This subtitle is far too long');
    await field(page, 'intro').focus();
    const note = page.locator('.f[data-path=subtitle] .err');
    await until(async () => /Shorten by 9 characters/.test(await note.textContent()));
    assert.equal(await field(page, 'subtitle').getAttribute('aria-invalid'), 'true');
    await field(page, 'subtitle').fill('Short');
    assert.equal(await field(page, 'subtitle').getAttribute('aria-invalid'), null);
    await field(page, 'starts').fill('2099-06-10T08:30');
    assert.match(await page.locator('.f[data-path=starts] [data-words]').textContent(), /Wednesday,? 10 June 2099, 08:30 in Europe\/Oslo, in \d+ days/);
  }));

  it('rich text is one value, saved as it is written', scene(async ({ server, open }) => {
    const page = await open();
    const text = page.locator('.f[data-path=story] [contenteditable=true]');
    await text.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' And then.');
    await page.keyboard.press('Control+s');
    await until(() => server.value('story') === '<p>Once upon a time. And then.</p>');
  }));
});
