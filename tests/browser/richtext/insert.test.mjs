// Links, tables, embeds, call-outs, code and HTML blocks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editor, server, until } from './editor.mjs';

const pages = [
  { title: 'About us', path: '/about', kind: 'Page', status: 'Published' },
  { title: 'About jars', path: '/blog/jars', kind: 'Post', status: 'Draft' },
];

test('a link to a page of this site, found by its name, by keyboard', async () => {
  server.state.pages = pages;
  const writer = await editor('<p>Read about it here</p>');
  await writer.select('about it');
  await writer.press('Control+Shift+k');
  const address = writer.page.getByRole('combobox', { name: 'Page or address' });
  await address.waitFor();
  await writer.page.keyboard.type('about');
  await writer.page.getByRole('option').nth(1).waitFor();
  await writer.press('ArrowDown', 'ArrowDown', 'Enter');
  assert.equal(await address.inputValue(), '/blog/jars');
  assert.equal(await writer.page.getByLabel('Text', { exact: true }).inputValue(), 'about it');
  await writer.press('Enter');
  assert.equal(await writer.value(), '<p>Read <a href="/blog/jars">about it</a> here</p>');
  assert.equal(await writer.page.evaluate(() => document.activeElement.getAttribute('role')), 'textbox');
});

test('a link with text of its own, in a new tab', async () => {
  const writer = await editor('<p>See </p>');
  await writer.text.focus();
  await writer.press('End');
  await writer.page.keyboard.type(' ');
  await writer.button('Link').click();
  await writer.page.getByRole('combobox').fill('example.com/a?b=1&c=2');
  await writer.page.getByLabel('Text', { exact: true }).fill('this');
  await writer.page.getByLabel('Open in a new tab').check();
  await writer.button('Apply').click();
  await until(async () => /<a/.test(await writer.value()));
  await writer.page.keyboard.type(' now');
  assert.equal(await writer.value(), '<p>See <a href="https://example.com/a?b=1&amp;c=2" rel="noopener" target="_blank">this</a> now</p>');
});

test('an address that cannot be linked is refused with a reason', async () => {
  const writer = await editor('<p>word</p>');
  await writer.select('word');
  await writer.press('Control+Shift+k');
  await writer.page.getByRole('combobox').fill('javascript:alert(1)');
  await writer.press('Enter');
  await writer.page.getByText('This kind of address cannot be linked.').waitFor();
  assert.equal(await writer.page.getByRole('combobox').getAttribute('aria-invalid'), 'true');
  await writer.press('Escape');
  assert.equal(await writer.value(), '<p>word</p>');
});

test('the link bar opens, edits and removes', async () => {
  const writer = await editor('<p>Go <a href="/old" rel="nofollow">there</a> now</p>');
  await writer.caret('the');
  const bar = writer.page.getByRole('toolbar', { name: 'Link' });
  await bar.waitFor();
  assert.equal(await bar.getByRole('link').getAttribute('href'), '/old');
  await writer.press('Alt+F10');
  assert.equal(await writer.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Open');
  await writer.press('ArrowRight', 'Enter');
  await writer.page.getByRole('combobox').fill('/new');
  await writer.page.getByLabel('Open in a new tab').check();
  await writer.press('Enter');
  await writer.waitForValue('<p>Go <a href="/new" rel="nofollow noopener" target="_blank">there</a> now</p>');
  await bar.getByRole('button', { name: 'Remove link' }).click();
  assert.equal(await writer.value(), '<p>Go there now</p>');
  await bar.waitFor({ state: 'hidden' });
});

test('an address pasted over a selection makes the link', async () => {
  const writer = await editor('<p>Go there now</p>');
  await writer.select('there');
  await writer.paste({ text: 'https://example.com/x' });
  assert.equal(await writer.value(), '<p>Go <a href="https://example.com/x">there</a> now</p>');
});

test('a table from the slash menu: typing, Tab, a new row from the last cell', async () => {
  const writer = await editor();
  await writer.type('/tab');
  await writer.page.getByRole('option', { name: 'Table' }).waitFor();
  await writer.press('Enter');
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) {
    await writer.page.keyboard.type(text);
    await writer.press('Tab');
  }
  await writer.page.keyboard.type('new');
  await writer.press('Shift+Tab');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<table><thead><tr><th scope="col">a</th><th scope="col">b</th><th scope="col">c</th></tr></thead>'
    + '<tbody><tr><td>d</td><td>e</td><td>f</td></tr><tr><td>g</td><td>h</td><td>!</td></tr><tr><td>new</td><td></td><td></td></tr></tbody></table>');
  await writer.press('Escape', 'Tab');
  assert.equal(await writer.page.evaluate(() => document.activeElement.id), 'after');
});

test('the table bar adds, removes and toggles headers', async () => {
  const writer = await editor('<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table><p>x</p>');
  await writer.caret('a');
  const bar = writer.page.getByRole('toolbar', { name: 'Table' });
  const press = (name) => bar.getByRole('button', { name, exact: true }).click();
  await bar.waitFor();
  await press('Header row');
  assert.equal(await writer.value(), '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table><p>x</p>');
  await press('Header column');
  assert.equal(await writer.value(), '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">c</th><td>d</td></tr></tbody></table><p>x</p>');
  await press('Header row');
  await press('Column after');
  await press('Row below');
  assert.equal(await writer.value(), '<table><tbody><tr><th scope="row">a</th><td></td><td>b</td></tr><tr><th scope="row"></th><td></td><td></td></tr><tr><th scope="row">c</th><td></td><td>d</td></tr></tbody></table><p>x</p>');
  await press('Remove row');
  await press('Remove column');
  await press('Remove table');
  assert.equal(await writer.value(), '<p>x</p>');
});

test('an embed is stored as a frame and shown as a card', async () => {
  const writer = await editor('<p>Watch</p>');
  await writer.caret('Watch');
  await writer.button('Video or embed').click();
  await writer.page.getByLabel('Address').fill('https://example.com/video');
  await writer.press('Enter');
  await writer.page.getByText('not from an allowed place').waitFor();
  await writer.page.getByLabel('Address').fill('https://youtu.be/0dJbHy2XqoY?t=42');
  await writer.press('Enter');
  await writer.page.getByText('YouTube embed').waitFor();
  assert.equal(await writer.page.locator('iframe').count(), 0);
  await writer.page.keyboard.type('after');
  assert.equal(await writer.value(), '<p>Watch</p><iframe src="https://www.youtube-nocookie.com/embed/0dJbHy2XqoY?start=42" width="560" height="315" title="YouTube" loading="lazy" allow="fullscreen; picture-in-picture" allowfullscreen></iframe><p>after</p>');
});

test('a call-out and a code block with its language', async () => {
  const writer = await editor();
  await writer.type('/call');
  await writer.page.getByRole('option', { name: 'Call-out' }).waitFor();
  await writer.press('Enter');
  await writer.page.keyboard.type('Mind the step');
  await writer.press('Enter', 'Enter');
  await writer.page.keyboard.type('/code');
  await writer.page.getByRole('option', { name: 'Code block' }).waitFor();
  await writer.press('Enter');
  await writer.page.keyboard.type('let x');
  await writer.page.getByLabel('Language of the code').selectOption('Rust');
  assert.equal(await writer.value(), '<aside><p>Mind the step</p></aside><pre><code class="language-rust">let x</code></pre>');
});

test('an HTML block: source shown inert, edited with the right, turned into text, removed, undone', async () => {
  const html = '<div class="w"><p>Hi <b>there</b></p><script src="https://x.example/x.js"></script></div>';
  const writer = await editor(`${html}<p>x</p>`, { element: 'data-html-right' });
  assert.equal(await writer.page.locator('.rt-source').innerText(), html);
  await writer.button('Edit source').click();
  await writer.page.getByRole('textbox', { name: 'HTML source' }).fill('<div class="w">New</div>');
  await writer.button('Apply').click();
  await writer.waitForValue('<div class="w">New</div><p>x</p>');
  await writer.press('Control+z');
  assert.equal(await writer.value(), `${html}<p>x</p>`);
  await writer.button('Turn into text').click();
  assert.equal(await writer.value(), '<p>Hi <strong>there</strong></p><p>x</p>');
  await writer.press('Control+z');
  await writer.button('Remove').click();
  assert.equal(await writer.value(), '<p>x</p>');
});

test('without the right, HTML can be kept, simplified or removed, not edited', async () => {
  const writer = await editor('<div>x</div><p style="color:red">y</p>');
  assert.equal(await writer.button('Edit source').count(), 0);
  assert.equal(await writer.button('Edit as HTML').count(), 0);
});

const LOSSY = '<p style="color:red">One <span style="color:#00f">two</span> <span style="color:green" class="x">three</span></p><p>Plain</p>';

test('before the first edit the editor says what would get lost', async () => {
  const writer = await editor(LOSSY, { element: 'data-html-right' });
  await writer.page.getByText('Blocks you change would lose 3 text colours and 1 class.').waitFor();
  assert.equal(await writer.text.getAttribute('aria-readonly'), 'true');
  await writer.button('Keep as it is').click();
  await writer.page.getByText('Kept as it is. The text is read-only.').waitFor();
  await writer.button('Edit').click();
  await writer.button('Edit and simplify').click();
  await writer.caret('Plain');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), LOSSY.replace('Plain', 'Plain!'));
  await writer.caret('three');
  await writer.page.keyboard.type('!');
  assert.equal(await writer.value(), '<p>One two three!</p><p>Plain!</p>');
});

test('edited as HTML, the text keeps everything', async () => {
  const writer = await editor(LOSSY, { element: 'data-html-right' });
  await writer.button('Edit as HTML').click();
  const source = writer.page.locator('textarea[name=body]');
  await source.fill('<p style="color:red">One</p>');
  assert.ok((await writer.heard()).input > 0);
  await writer.button('Done with HTML').click();
  assert.equal(await writer.value(), '<p style="color:red">One</p>');
  await writer.page.getByText('would lose 1 text colour.').waitFor();
});

test('a text the editor understands opens ready to write', async () => {
  const writer = await editor('<p><b>Bold</b> and <i>italic</i></p>\n<ul><li><p>One</p></li></ul>');
  assert.equal(await writer.text.getAttribute('aria-readonly'), 'false');
  assert.equal(await writer.page.locator('.rt-notice').isVisible(), false);
});

test('a read-only field cannot be written', async () => {
  const writer = await editor('<p>word</p>', { textarea: 'readonly' });
  assert.equal(await writer.text.getAttribute('contenteditable'), 'false');
});
