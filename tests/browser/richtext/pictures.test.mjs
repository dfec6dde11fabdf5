// Pictures: into the library, with progress, failures, captions and alt text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editor, server, until } from './editor.mjs';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const file = (name) => ({ name, type: 'image/png', base64: PIXEL });
const stored = (id) => ({ status: 200, body: { id, url: `/media/${id}`, alt: '', width: 1600, height: 900, name: 'x.png', size: 5 } });
const failed = (status, error) => ({ status, body: { error } });

function held() {
  let release;
  const promise = new Promise((resolve) => { release = resolve; });
  return { promise, release };
}

test('a pasted picture shows at once, and is in the value when the library has it', async () => {
  const answer = held();
  server.state.uploads.length = 0;
  server.state.media = () => answer.promise;
  const writer = await editor('<p>Look:</p>');
  await writer.caret('Look:');
  await writer.paste({ files: [file('jars.png')] });
  await writer.page.locator('.rt-picture img[src^="blob:"]').waitFor();
  assert.equal(await writer.element.evaluate((element) => element.pending), 1);
  await writer.page.locator('.rt-progress').getByText('jars.png').waitFor();
  assert.equal(await writer.value(), '<p>Look:</p>');
  answer.release(stored('a1'));
  await writer.waitForValue('<p>Look:</p><figure><img src="/media/a1" width="1600" height="900" data-asset="a1"></figure>');
  assert.deepEqual((await writer.heard()).uploads, [{ pending: 1, failed: 0 }, { pending: 0, failed: 0 }]);
  assert.equal(server.state.uploads[0].csrf, 'token-1');
  assert.match(server.state.uploads[0].id, /^[\w-]{10,}$/);
});

test('a refused picture keeps its place, says why, and can be tried again', async () => {
  server.state.media = () => failed(422, 'The library is full. Delete something or ask for more room.');
  const writer = await editor('<p>Text</p>');
  await writer.caret('Text');
  await writer.paste({ files: [file('jars.png')] });
  await writer.page.getByText('jars.png was not uploaded. The library is full.').first().waitFor();
  assert.equal(await writer.value(), '<p>Text</p>');
  assert.deepEqual((await writer.heard()).uploads.at(-1), { pending: 0, failed: 1 });
  server.state.media = () => stored('a2');
  await writer.button('Try again').click();
  await until(async () => (await writer.value()).includes('/media/a2'));
  assert.equal(await writer.element.evaluate((element) => element.pending), 0);
});

test('a broken connection is tried again under the same id', async () => {
  server.state.uploads.length = 0;
  server.state.media = () => (server.state.uploads.length < 2 ? { status: 0 } : stored('a3'));
  const writer = await editor('<p>Text</p>');
  await writer.caret('Text');
  await writer.paste({ files: [file('jars.png')] });
  await until(async () => (await writer.value()).includes('/media/a3'));
  assert.equal(new Set(server.state.uploads.map(({ id }) => id)).size, 1);
  assert.equal(server.state.uploads.length, 2);
});

test('three at a time; a cancelled one keeps its place', async () => {
  const answer = held();
  server.state.uploads.length = 0;
  server.state.media = async ({ name }) => { await answer.promise; return stored(name[0]); };
  const writer = await editor();
  await writer.paste({ files: ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'].map(file) });
  await until(() => server.state.uploads.length === 3);
  await writer.page.locator('.rt-figure').filter({ hasText: 'e.png' }).getByRole('button', { name: 'Cancel upload' }).click();
  await writer.page.getByText('e.png was not uploaded. The upload was cancelled.').first().waitFor();
  assert.equal(server.state.uploads.length, 3);
  answer.release();
  await until(async () => (await writer.value()).includes('/media/d"'));
  assert.equal((await writer.value()).match(/<figure>/g).length, 4);
});

test('a Photoshop file is refused before it is sent, with what to do', async () => {
  server.state.uploads.length = 0;
  const writer = await editor();
  await writer.paste({ files: [{ name: 'draft.psd', type: 'image/vnd.adobe.photoshop', base64: PIXEL }] });
  await writer.page.getByText('Photoshop files cannot be shown on the web. Save it as JPEG, PNG or WebP.').first().waitFor();
  assert.equal(await writer.button('Try again').count(), 0);
  assert.equal(server.state.uploads.length, 0);
});

test('a picture from the dialog: file, caption, size, alt text', async () => {
  server.state.media = () => stored('a4');
  const writer = await editor('<p>Text</p>');
  await writer.caret('Text');
  await writer.button('Picture').click();
  await writer.page.getByLabel('Picture from this device').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') });
  await writer.button('Add picture').click();
  await until(async () => (await writer.value()).includes('/media/a4'));
  await writer.page.locator('.rt-picture img').click();
  const bar = writer.page.getByRole('toolbar', { name: 'Picture' });
  await bar.getByRole('button', { name: 'Half' }).click();
  await bar.getByRole('button', { name: 'Alt text' }).click();
  await writer.page.getByLabel('What does the picture show?').fill('Five "jars"');
  await writer.button('Apply').click();
  await writer.waitForValue('<p>Text</p><figure class="w-half"><img src="/media/a4" alt="Five &quot;jars&quot;" width="1600" height="900" data-asset="a4"></figure>');
  await writer.page.locator('figcaption').click();
  await writer.page.keyboard.type('By size');
  await writer.press('Enter');
  await writer.page.keyboard.type('Next');
  assert.equal(await writer.value(), '<p>Text</p><figure class="w-half"><img src="/media/a4" alt="Five &quot;jars&quot;" width="1600" height="900" data-asset="a4"><figcaption>By size</figcaption></figure><p>Next</p>');
  await writer.page.locator('.rt-picture img').click();
  await bar.getByRole('button', { name: 'Alt text' }).click();
  await writer.page.getByLabel('Decorative').check();
  await writer.button('Apply').click();
  await until(async () => (await writer.value()).includes('alt=""'));
  await bar.getByRole('button', { name: 'Remove picture' }).click();
  assert.equal(await writer.value(), '<p>Text</p><p>Next</p>');
});

test('a picture of another site is a card until the server has fetched it', async () => {
  server.state.uploads.length = 0;
  server.state.media = () => failed(501, 'Fetching pictures comes with the media library.');
  const html = '<figure><img src="https://cdn.example/far.jpg" alt="Far"></figure><p>Text</p>';
  const writer = await editor(html);
  await writer.page.locator('.rt-card').getByText('https://cdn.example/far.jpg').waitFor();
  await writer.button('Bring into library').click();
  await writer.page.getByText('Fetching pictures comes with the media library.').first().waitFor();
  assert.equal(server.state.uploads[0].url, 'https://cdn.example/far.jpg');
  assert.match(await writer.value(), /src="https:\/\/cdn\.example\/far\.jpg"/);
  server.state.media = () => stored('a5');
  await writer.button('Try again').click();
  await writer.waitForValue('<figure><img src="/media/a5" alt="Far" width="1600" height="900" data-asset="a5"></figure><p>Text</p>');
});

test('a picture of another site in a line', async () => {
  server.state.media = () => stored('a6');
  const writer = await editor('<p>See <img src="https://cdn.example/far.jpg" alt="Far"> here</p>');
  await writer.button('Bring into library').click();
  await writer.waitForValue('<p>See <img src="/media/a6" alt="Far" width="1600" height="900" data-asset="a6"> here</p>');
});

test('a merge while a picture is on its way keeps its place', async () => {
  const answer = held();
  server.state.media = () => answer.promise;
  const writer = await editor('<p>One</p>');
  await writer.caret('One');
  await writer.paste({ files: [file('jars.png')] });
  await writer.page.locator('.rt-progress').waitFor();
  await writer.element.evaluate((element) => { element.value = '<p>Changed</p>'; });
  assert.equal(await writer.element.evaluate((element) => element.pending), 1);
  answer.release(stored('a7'));
  await until(async () => (await writer.value()).includes('/media/a7'));
  assert.match(await writer.value(), /^<p>Changed<\/p>/);
});

test('undoing and redoing around an upload never brings back a place that waits for ever', async () => {
  const answer = held();
  server.state.media = () => answer.promise;
  const writer = await editor('<p>One</p>');
  await writer.caret('One');
  await writer.paste({ files: [file('jars.png')] });
  await writer.page.locator('.rt-progress').waitFor();
  await writer.press('Control+z');
  answer.release(stored('a8'));
  await writer.page.getByText('jars.png is in the library').waitFor();
  assert.equal(await writer.value(), '<p>One</p>');
  await writer.press('Control+Shift+z');
  await writer.waitForValue('<p>One</p><figure><img src="/media/a8" width="1600" height="900" data-asset="a8"></figure>');
});

test('a picture dropped between two paragraphs stands there', async () => {
  server.state.media = () => stored('a9');
  const writer = await editor('<p>One</p><p>Two</p>');
  await writer.text.evaluate((root, base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], 'drop.png', { type: 'image/png' }));
    const { right, top } = root.querySelector('p').getBoundingClientRect();
    root.dispatchEvent(new DragEvent('drop', { dataTransfer: data, clientX: right - 2, clientY: top + 10, bubbles: true, cancelable: true }));
  }, PIXEL);
  await writer.waitForValue('<p>One</p><figure><img src="/media/a9" width="1600" height="900" data-asset="a9"></figure><p>Two</p>');
});

test('a place copied into another text does not show another picture there', async () => {
  const answer = held();
  server.state.media = () => answer.promise;
  const place = async () => {
    const writer = await editor('<p>One</p>');
    await writer.paste({ files: [file('jars.png')] });
    await writer.page.locator('.rt-progress').waitFor();
    return writer.page.locator('ld-richtext').evaluate((element) => {
      const found = [];
      element.editor.state.doc.descendants(({ attrs }) => { if (attrs.upload) found.push(attrs.upload); });
      return found.join();
    });
  };
  const [one, other] = [await place(), await place()];
  answer.release(stored('a10'));
  assert.match(one, /^[0-9a-f]{32}$/);
  assert.notEqual(one, other);
});
