// What is copied elsewhere arrives as plain HTML of our allow-list.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { editor, server, until } from './editor.mjs';

const folder = new URL('./fixtures/paste/', import.meta.url);
const read = (name) => readFile(new URL(name, folder), 'utf8');
const samples = (await readdir(folder)).filter((name) => !name.includes('.expected.')).sort();

for (const sample of samples) {
  test(`paste from ${sample.replace(/\..*/, '')}`, async () => {
    server.state.uploads.length = 0;
    let stored = 0;
    server.state.media = () => {
      stored += 1;
      return { status: 200, body: { id: `m${stored}`, url: `/media/m${stored}`, alt: '', width: 1600, height: 900 } };
    };
    const expected = (await read(sample.replace(/\.\w+$/, '.expected.html'))).trimEnd();
    const writer = await editor();
    await writer.paste({ [sample.endsWith('.txt') ? 'text' : 'html']: await read(sample) });
    await writer.waitForValue(expected);
  });
}

test('pasting into the middle of a sentence goes on with the sentence', async () => {
  const writer = await editor('<p>Start end</p>');
  await writer.caret('Start ');
  await writer.paste({ html: '<meta charset="utf-8"><span style="font-weight:700">bold</span> ' });
  assert.match(await writer.value(), /^<p>Start <strong>bold<\/strong> ?end<\/p>$/);
});

test('formats the field does not allow are reduced to their text', async () => {
  const writer = await editor('', { textarea: 'data-formats="bold link"' });
  await writer.paste({ html: '<h1>Title</h1><ul><li>One <i>two</i> <b>three</b></li><li><a href="/x">four</a></li></ul><blockquote><p>said</p></blockquote><pre>a\nb</pre><table><tr><td>1</td><td>2</td></tr></table><img src="https://x.example/a.png"><hr>' });
  assert.equal(await writer.value(), '<p>Title</p><p>One two <strong>three</strong></p><p><a href="/x">four</a></p><p>said</p><p>a<br>b</p><p>1</p><p>2</p>');
});

test('copied from this editor, everything arrives as it was', async () => {
  const html = '<h2>Two</h2><figure class="w-half"><img src="/media/k3J" alt="Jars"><figcaption>Cap</figcaption></figure><div class="x">raw</div><aside><p>Note</p></aside><table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>';
  const writer = await editor(`<p></p>${html}`);
  await writer.text.focus();
  await writer.press('Control+a', 'Control+c', 'Delete', 'Control+v');
  await until(async () => (await writer.value()).length > 10);
  assert.equal((await writer.value()).replace('<p></p>', ''), html);
});

test('pictures on the person’s disk are left out, and that is said', async () => {
  const writer = await editor();
  await writer.paste({ html: await read('word-desktop.html') });
  await writer.page.getByText('1 picture could not be pasted: it is on your computer').waitFor();
});

for (const [kind, paste] of [
  ['HTML', { html: `<style>${'x'.repeat(1000)}</style>${'<p style="margin:0"><span style="color:red">All work and no play makes <b>Jack</b> a dull boy.</span></p>\n'.repeat(52_000)}` }],
  ['text', { text: 'All work and no play makes Jack a dull boy.\n'.repeat(120_000) }],
  ['one word', { text: 'x'.repeat(5_300_000) }],
  ['broken HTML', { html: '<div "'.repeat(880_000) }],
  ['nested tags', { html: '<div><b>'.repeat(650_000) }],
  ['open comments', { html: `${'<!-- a '.repeat(700_000)}<p>never` }],
]) {
  test(`5 MB of ${kind} do not hang the page`, async () => {
    const writer = await editor();
    const started = Date.now();
    await writer.paste(paste);
    console.log(`# 5 MB of ${kind} (${(Object.values(paste)[0].length / 1e6).toFixed(1)} million characters): ${Date.now() - started} ms`);
    const { length } = await writer.value();
    assert.ok(length < 1_000_000, `${length} characters`);
    if (/^(?:HTML|text|one)/.test(kind)) await writer.page.getByText(/Only the first [\d,]+ of [\d,]+ characters were pasted/).waitFor();
  });
}
