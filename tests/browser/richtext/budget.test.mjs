// Sizes are asserted, times are printed (dashboard.md, section 2.5).

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { editor } from './editor.mjs';

const SENTENCE = 'The tallest jar you own plus four centimetres is your <strong>widest</strong> gap, and most walls need only two heights. ';
const section = (index) => `<h2>Section ${index}</h2>${`<p>${SENTENCE.repeat(4)}<a href="/jars">More</a></p>`.repeat(2)}<ul><li>One jar for flour</li><li>Two jars for salt and rye</li></ul>`;
const LONG = Array.from({ length: 62 }, (_, index) => section(index)).join('');

test('the script of an editing screen is below 200 KB, its style below 16 KB', async () => {
  const size = async (name) => gzipSync(await readFile(new URL(`../../../assets/dist/${name}`, import.meta.url)), { level: 9 }).length;
  const [script, style] = [await size('editor.js'), await size('app.css')];
  console.log(`# editor.js ${script} bytes, app.css ${style} bytes, gzip`);
  assert.ok(script <= 200 * 1024, `${script}`);
  assert.ok(style <= 16 * 1024, `${style}`);
});

test('10,000 words open, and keys are answered', async () => {
  const writer = await editor('<p>x</p>');
  const opened = await writer.page.evaluate((html) => {
    const element = document.createElement('ld-richtext');
    const textarea = document.createElement('textarea');
    textarea.value = html;
    element.append(textarea);
    const start = performance.now();
    document.querySelector('main').append(element);
    return performance.now() - start;
  }, LONG);
  const text = writer.page.locator('.ProseMirror').last();
  const words = await text.evaluate((element) => element.innerText.split(/\s+/).length);
  assert.ok(words >= 10_000, `${words} words`);

  await text.locator('p').nth(56).click();
  await writer.page.evaluate(() => {
    window.waits = [];
    document.addEventListener('keydown', (event) => requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => window.waits.push(performance.now() - event.timeStamp);
      painted.port2.postMessage(0);
    }), true);
  });
  await writer.page.keyboard.type('a long sentence typed in the middle of the text without stopping, '.repeat(3), { delay: 25 });
  const waits = (await writer.page.evaluate(() => window.waits)).sort((one, other) => one - other);
  const median = waits[Math.floor(waits.length / 2)];
  console.log(`# ${words} words: open ${opened.toFixed(0)} ms of script; key to painted frame: median ${median.toFixed(1)} ms, 95 % ${waits[Math.floor(waits.length * 0.95)].toFixed(1)} ms, worst ${waits.at(-1).toFixed(1)} ms of ${waits.length}`);
  assert.ok(waits.length > 150);
});
