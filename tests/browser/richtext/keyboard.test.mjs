// Writing with the keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editor, until } from './editor.mjs';

const typed = [
  ['## Heading', '<h2>Heading</h2>'],
  ['### Heading', '<h3>Heading</h3>'],
  ['#### Heading', '<h4>Heading</h4>'],
  ['- item', '<ul><li>item</li></ul>'],
  ['1. item', '<ol><li>item</li></ol>'],
  ['4. item', '<ol start="4"><li>item</li></ol>'],
  ['> said', '<blockquote><p>said</p></blockquote>'],
  ['``` code', '<pre><code>code</code></pre>'],
  ['```rust fn', '<pre><code class="language-rust">fn</code></pre>'],
  ['**bold** and', '<p><strong>bold</strong> and</p>'],
  ['*slanted* and', '<p><em>slanted</em> and</p>'],
  ['~~gone~~ and', '<p><s>gone</s> and</p>'],
  ['`code` and', '<p><code>code</code> and</p>'],
  ['--- x', '<hr><p>x</p>'],
];

for (const [keys, html] of typed) {
  test(`markdown: ${keys}`, async () => {
    const writer = await editor();
    await writer.type(keys);
    assert.equal(await writer.value(), html);
  });
}

test('markdown of a format the field does not allow stays text', async () => {
  const writer = await editor('', { textarea: 'data-formats="bold italic link"' });
  await writer.type('## no **yes** `no`');
  assert.equal(await writer.value(), '<p>## no <strong>yes</strong> `no`</p>');
});

test('a field shows only the buttons of its formats', async () => {
  const writer = await editor('', { textarea: 'data-formats="bold italic link"' });
  const names = await writer.page.getByRole('toolbar', { name: 'Text formatting' }).getByRole('button').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
  assert.deepEqual(names, ['Bold', 'Italic', 'Link', 'Undo', 'Redo']);
  await writer.type('/');
  assert.match(await writer.page.locator('.rt-slash').innerText(), /Nothing of that name/);
  await writer.press('Control+Alt+2');
  assert.equal(await writer.value(), '<p>/</p>');
});

const shortcuts = [
  ['Control+b', '<p><strong>word</strong></p>'],
  ['Control+i', '<p><em>word</em></p>'],
  ['Control+Alt+2', '<h2>word</h2>'],
  ['Control+Alt+4', '<h4>word</h4>'],
  ['Control+Shift+7', '<ol><li>word</li></ol>'],
  ['Control+Shift+8', '<ul><li>word</li></ul>'],
];

for (const [keys, html] of shortcuts) {
  test(`${keys} and back`, async () => {
    const writer = await editor('<p>word</p>');
    await writer.select('word');
    await writer.press(keys);
    assert.equal(await writer.value(), html);
    await writer.press(keys.includes('Alt') ? 'Control+Alt+1' : keys);
    assert.equal(await writer.value(), '<p>word</p>');
  });
}

test('the toolbar is one tab stop, reached with Alt F10, walked with arrows, left with Escape', async () => {
  const writer = await editor('<p>word</p>');
  await writer.select('word');
  await writer.press('Alt+F10');
  const focused = () => writer.page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.equal(await focused(), 'Text style: Paragraph');
  await writer.press('ArrowRight');
  assert.equal(await focused(), 'Bold');
  await writer.press('End');
  assert.equal(await focused(), 'Redo');
  await writer.press('ArrowRight', 'ArrowRight', 'ArrowRight');
  assert.equal(await focused(), 'Italic');
  assert.equal(await writer.page.locator('.tb button[tabindex="0"]').count(), 1);
  await writer.press('Enter');
  assert.equal(await writer.value(), '<p><em>word</em></p>');
  await until(async () => (await writer.button('Italic').getAttribute('aria-pressed')) === 'true');
  await writer.press('Alt+F10');
  assert.equal(await focused(), 'Italic');
  await writer.press('Escape');
  assert.equal(await writer.page.evaluate(() => document.activeElement.getAttribute('role')), 'textbox');
});

test('the style menu by keyboard', async () => {
  const writer = await editor('<p>word</p>');
  await writer.caret('word');
  await writer.press('Alt+F10', 'Enter');
  await writer.page.getByRole('menuitemradio', { name: 'Paragraph' }).waitFor();
  await writer.press('ArrowDown', 'ArrowDown', 'Enter');
  assert.equal(await writer.value(), '<h3>word</h3>');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<h3>word!</h3>');
});

test('a click on the toolbar leaves the focus in the text', async () => {
  const writer = await editor('<p>word</p>');
  await writer.select('word');
  await writer.button('Bold').click();
  assert.equal(await writer.page.evaluate(() => document.activeElement.getAttribute('role')), 'textbox');
  await writer.page.keyboard.type('new');
  assert.equal(await writer.value(), '<p><strong>new</strong></p>');
});

test('Tab leaves the text, and goes back', async () => {
  const writer = await editor('<p>word</p>');
  await writer.caret('word');
  await writer.press('Tab');
  assert.equal(await writer.page.evaluate(() => document.activeElement.id), 'after');
});

test('Tab indents a list item that can be; Escape then Tab leaves', async () => {
  const writer = await editor('<ul><li>one</li><li>two</li></ul>');
  await writer.caret('two');
  await writer.press('Tab');
  assert.equal(await writer.value(), '<ul><li>one<ul><li>two</li></ul></li></ul>');
  await writer.press('Shift+Tab');
  assert.equal(await writer.value(), '<ul><li>one</li><li>two</li></ul>');
  await writer.press('Escape', 'Tab');
  assert.equal(await writer.page.evaluate(() => document.activeElement.id), 'after');
  assert.equal(await writer.value(), '<ul><li>one</li><li>two</li></ul>');
});

test('keys go on from where the last one has brought the caret', async () => {
  const writer = await editor('<table><tbody><tr><th scope="col">Flour</th></tr><tr><td>Rye</td></tr></tbody></table><p></p>');
  await writer.caret('Flour');
  await writer.holdBack('selectionchange');
  await writer.press('Control+End', 'ArrowDown');
  await writer.page.keyboard.type('below');
  assert.match(await writer.value(), /<td>Rye<\/td><\/tr><\/tbody><\/table><p>below<\/p>$/);
});

test('after the answer to a question the next keys are in the text', async () => {
  const writer = await editor('<table><tbody><tr><td><figure><img src="/media/m1"></figure></td><td>end</td></tr></tbody></table>');
  await writer.page.locator('.rt-picture').click();
  await writer.press('Alt+F10');
  assert.match(await writer.page.evaluate(() => document.activeElement.textContent), /Third/);
  await writer.press('End', 'ArrowLeft', 'Enter');
  await writer.page.getByLabel('What does the picture show?').fill('A bowl');
  await writer.page.getByRole('button', { name: 'Apply' }).focus();
  await writer.holdBack('close', 'selectionchange');
  await writer.press('Enter', 'Escape', 'Tab');
  assert.equal(await writer.page.evaluate(() => document.activeElement.id), 'after');
  assert.match(await writer.value(), /alt="A bowl"/);
});

test('Tab leaves from the first list item, which cannot be indented', async () => {
  const writer = await editor('<ul><li>one</li></ul>');
  await writer.caret('one');
  await writer.press('Tab');
  assert.equal(await writer.page.evaluate(() => document.activeElement.id), 'after');
});

test('the slash menu inserts, narrows, wraps around and closes', async () => {
  const writer = await editor('<p>Above</p>');
  await writer.caret('Above');
  await writer.press('Enter');
  await writer.page.keyboard.type('/');
  const option = (name) => writer.page.getByRole('option', { name, exact: true });
  await option('Heading 2').waitFor();
  const first = await writer.text.getAttribute('aria-activedescendant');
  assert.equal(first, await option('Heading 2').getAttribute('id'));
  await writer.page.keyboard.type('num');
  await until(async () => (await writer.page.getByRole('option').count()) === 1);
  await writer.press('Enter');
  await writer.page.keyboard.type('first');
  assert.equal(await writer.value(), '<p>Above</p><ol><li>first</li></ol>');
});

test('Escape closes the slash menu and leaves what was typed', async () => {
  const writer = await editor();
  await writer.type('/ta');
  await writer.page.getByRole('option', { name: 'Table', exact: true }).waitFor();
  await writer.press('Escape');
  await writer.page.locator('.rt-slash').waitFor({ state: 'hidden' });
  await writer.page.keyboard.type('b');
  assert.equal(await writer.value(), '<p>/tab</p>');
  assert.equal(await writer.page.locator('.rt-slash').isVisible(), false);
});

test('no slash menu in the middle of a text', async () => {
  const writer = await editor();
  await writer.type('and/or');
  assert.equal(await writer.page.locator('.rt-slash').isVisible(), false);
  assert.equal(await writer.value(), '<p>and/or</p>');
});

test('undo and redo go step by step', async () => {
  const writer = await editor('<p>word</p>');
  await writer.select('word');
  await writer.press('Control+b', 'Control+z');
  assert.equal(await writer.value(), '<p>word</p>');
  await writer.press('Control+Shift+z');
  assert.equal(await writer.value(), '<p><strong>word</strong></p>');
});

test('Enter in lists, quotes and code goes on and gets out', async () => {
  const writer = await editor();
  await writer.type('- one');
  await writer.press('Enter');
  await writer.page.keyboard.type('two');
  await writer.press('Enter', 'Enter');
  await writer.page.keyboard.type('> said');
  await writer.press('Enter', 'Enter');
  await writer.page.keyboard.type('``` a');
  await writer.press('Enter');
  await writer.page.keyboard.type('b');
  await writer.press('Enter', 'Enter', 'Enter');
  await writer.page.keyboard.type('out');
  assert.equal(await writer.value(), '<ul><li>one</li><li>two</li></ul><blockquote><p>said</p></blockquote><pre><code>a\nb</code></pre><p>out</p>');
});

test('Ctrl Enter and Ctrl S belong to the page', async () => {
  const writer = await editor('<p>word</p>');
  await writer.page.evaluate(() => {
    window.keys = [];
    document.addEventListener('keydown', (event) => { if (event.ctrlKey && event.key.length > 1 && event.key !== 'Control') window.keys.push(`${event.key} ${event.defaultPrevented}`); });
  });
  await writer.caret('word');
  await writer.press('Control+Enter');
  assert.deepEqual(await writer.page.evaluate(() => window.keys), ['Enter false']);
  assert.equal(await writer.value(), '<p>word</p>');
});

test('text composed with an input method arrives once', async () => {
  const writer = await editor('<p>日本</p>');
  await writer.caret('日本');
  const session = await writer.page.context().newCDPSession(writer.page);
  for (const text of ['g', 'ご', 'ごk', 'ごこ']) await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await session.send('Input.insertText', { text: '語' });
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<p>日本語!</p>');
});

test('right-to-left text and emoji are typed, shown in their direction, and kept', async () => {
  const writer = await editor('<p>مرحبا</p>');
  await writer.caret('مرحبا');
  await writer.page.keyboard.insertText(' بكم 👩🏽‍🍳');
  await writer.press('Backspace');
  await writer.page.keyboard.insertText('🫙');
  assert.equal(await writer.value(), '<p>مرحبا بكم 🫙</p>');
  const [left, right] = await writer.text.locator('p').evaluate((paragraph) => {
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    const text = range.getBoundingClientRect();
    const box = paragraph.getBoundingClientRect();
    return [text.left - box.left, box.right - text.right];
  });
  assert.ok(left > right, 'the line starts at the right');
});

test('assistive software is told what the field is', async () => {
  const writer = await editor('<p>word</p>', { textarea: 'aria-invalid="true" aria-describedby="problem-body"' });
  const text = writer.page.getByRole('textbox', { name: 'Body' });
  assert.equal(await text.getAttribute('aria-multiline'), 'true');
  assert.equal(await text.getAttribute('aria-invalid'), 'true');
  const described = (await text.getAttribute('aria-describedby')).split(' ');
  assert.equal(described[0], 'problem-body');
  assert.match(await writer.page.locator(`#${described[1]}`).innerText(), /Alt F10/);
  await writer.page.getByText('Body', { exact: true }).click();
  assert.equal(await text.evaluate((element) => element === document.activeElement), true);
  await writer.page.locator('textarea[name=body]').evaluate((textarea) => textarea.removeAttribute('aria-invalid'));
  await until(async () => (await text.getAttribute('aria-invalid')) === null);
});
