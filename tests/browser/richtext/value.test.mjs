// What is stored, and when.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { editor, until } from './editor.mjs';

const folder = new URL('./fixtures/bodies/', import.meta.url);
const canonical = (await readFile(new URL('./fixtures/canonical.html', import.meta.url), 'utf8')).trim().split('\n\n');

for (const file of (await readdir(folder)).sort()) {
  test(`what goes in comes out: ${file}`, async () => {
    const html = await readFile(new URL(file, folder), 'utf8');
    const writer = await editor('<p>before</p>');
    await writer.element.evaluate((element, value) => { element.value = value; }, html);
    assert.equal(await writer.value(), html);
    assert.equal((await writer.heard()).input, 0);
  });

  test(`an edit elsewhere leaves the rest byte for byte: ${file}`, async () => {
    const html = await readFile(new URL(file, folder), 'utf8');
    const writer = await editor(`${html}<p>The end</p>`, { element: 'data-html-right' });
    const edit = writer.button('Edit and simplify');
    if (await edit.count()) await edit.click();
    await writer.caret('The end');
    await writer.page.keyboard.type('!');
    assert.equal(await writer.value(), `${html}<p>The end!</p>`);
  });
}

test('tags left open are closed when the block is edited, and not before', async () => {
  const html = await readFile(new URL('./fixtures/implied-ends.html', import.meta.url), 'utf8');
  const writer = await editor(html);
  assert.equal(await writer.value(), html);
  await writer.caret('tail');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<p>one</p><p>two</p><ul><li>a</li><li>b</li></ul><p>tail!</p>');
});

test('a tag left open spoils only the blocks it reaches', async () => {
  const writer = await editor('<div>kept as it is</div>\n<p CLASS=a>fine</p><p>open <b>bold</p><p>after</p>');
  await writer.button('Edit and simplify').click();
  await writer.caret('after');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<div>kept as it is</div>\n<p CLASS=a>fine</p><p>open <strong>bold</strong></p><p><strong>after!</strong></p>');
});

test('what the editor writes it reads back the same, block by block', async () => {
  const writer = await editor();
  for (const html of canonical) {
    // Through the clipboard of the editor itself, so that no retained source can help.
    await writer.element.evaluate((element, value) => {
      element.value = value;
      const { editor: inner } = element;
      inner.commands.selectAll();
      const copied = inner.getJSON();
      element.value = '';
      inner.commands.setContent(copied);
    }, html);
    assert.equal(await writer.value(), html);
  }
});

test('nothing is written on opening, focusing and leaving', async () => {
  const html = '<table><tr><td>uneven</td></tr><tr><td>a</td><td>b</td></tr></table>\n\n<P>Odd <B>case</B></P>';
  const writer = await editor(html);
  await writer.text.click();
  await writer.press('ArrowDown', 'ArrowUp', 'Escape', 'Tab');
  assert.equal(await writer.stored(), html);
  assert.equal((await writer.heard()).input, 0);
});

test('typing reaches the textarea with an input event, once for many keys', async () => {
  const writer = await editor('<p>Hello</p>');
  await writer.caret('Hello');
  await writer.page.keyboard.type(' world');
  await until(async () => (await writer.stored()) === '<p>Hello world</p>');
  assert.ok((await writer.heard()).input < 6);
});

test('leaving the text writes at once', async () => {
  const writer = await editor('<p>Hello</p>');
  await writer.caret('Hello');
  await writer.page.keyboard.type('!');
  await writer.page.locator('#after').focus();
  assert.equal(await writer.stored(), '<p>Hello!</p>');
});

test('an empty text is an empty value', async () => {
  const writer = await editor('<p>Hi</p>');
  await writer.text.focus();
  await writer.press('Control+a', 'Delete');
  assert.equal(await writer.value(), '');
});

test('a value set from outside keeps the caret and cannot be undone away', async () => {
  const writer = await editor('<p>One</p><p>Two</p>');
  await writer.caret('Two');
  await writer.element.evaluate((element) => { element.value = '<p>One, changed by Ann</p><p>Two</p>'; });
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<p>One, changed by Ann</p><p>Two!</p>');
  await writer.press('Control+z', 'Control+z');
  assert.equal(await writer.value(), '<p>One, changed by Ann</p><p>Two</p>');
});

test('moving the element in the page keeps text, caret and history', async () => {
  const writer = await editor('<p>One</p>');
  await writer.type('X');
  await writer.element.evaluate((element) => { element.closest('form').append(element); });
  await writer.text.focus();
  await writer.press('Control+z');
  assert.equal(await writer.value(), '<p>One</p>');
});

test('taking the element away leaves the textarea with the text', async () => {
  const writer = await editor('<p>One</p>');
  await writer.caret('One');
  await writer.page.keyboard.type(' more');
  const value = await writer.element.evaluate((element) => {
    const textarea = element.querySelector('textarea');
    element.remove();
    return Promise.resolve().then(() => textarea.value);
  });
  assert.equal(value, '<p>One more</p>');
});

test('words and reading time are told', async () => {
  const writer = await editor('<p>It’s five plain words here</p><p>漢字かな</p>');
  assert.deepEqual((await writer.heard()).words, { words: 7, minutes: 1 });
  await writer.caret('here');
  await writer.page.keyboard.type(' now');
  await until(async () => (await writer.heard()).words.words === 8);
});

for (const [kind, html] of [
  ['tags nested without end', '<div><b>'.repeat(60_000)],
  ['tags closed in the wrong order', `<b>${'<p><i>x</b></p>'.repeat(200)}`],
  ['an unclosed quote', `<p>x</p><a href="${'<p>y</p>'.repeat(4_000)}`],
]) {
  test(`a body of ${kind} opens, and is kept`, async () => {
    const writer = await editor('<p>before</p>');
    await writer.element.evaluate((element, value) => { element.value = value; }, html);
    assert.equal(await writer.stored(), html);
    assert.equal((await writer.heard()).input, 0);
  });
}

test('taken away and put back, the text is written on', async () => {
  const writer = await editor('<p>One</p>');
  await writer.caret('One');
  await writer.page.keyboard.type(' two');
  await writer.element.evaluate(async (element) => {
    const form = element.parentElement;
    element.remove();
    await Promise.resolve();
    form.append(element);
  });
  await writer.caret('two');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<p>One two!</p>');
});
