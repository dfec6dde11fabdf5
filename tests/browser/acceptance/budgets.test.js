// Ten thousand entries in a list, ten thousand words in a text: sizes hold, and times are printed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Larder, newPage, openChromium, signIn } from '../larder.js';
import { saved, stored } from './saved.js';

const ENTRIES = 10_000;
const KB = 1024;

let browser;
let larder;
let page;
let token;

before(async () => {
  larder = await Larder.start();
  token = larder.run(['token', 'add', '--data', larder.site, '--kind', 'write', '--name', 'filling']).trim().split(/\s+/).pop();
  browser = await openChromium();
  page = await newPage(browser, larder);
  await signIn(page);
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

async function post(body) {
  const answer = await fetch(`${larder.url}/v2/posts/`, {
    method: 'POST', headers: { Authorization: `Token ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.text());
}

/** Fills the blog: several writers, each takes the next number. */
async function fill() {
  let next = 0;
  const writer = async () => {
    while (next < ENTRIES) {
      next += 1;
      await post({ title: `Loaf number ${next} of many`, slug: `loaf-${next}`, status: 'draft', summary: 'A loaf.', body: '<p>Bread.</p>' });
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
}

/** Bytes of an answer as it travels. */
function size(bytes) {
  return gzipSync(bytes).length;
}

/** What the page that is shown has loaded, by the end of its address: bytes over the wire. */
async function loaded(ending) {
  const addresses = await page.evaluate((end) => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith(end)), ending);
  const files = await Promise.all([...new Set(addresses)].map(async (address) => size(await (await page.request.get(address)).body())));
  return files.reduce((sum, bytes) => sum + bytes, 0);
}

test('a list of ten thousand entries', async (t) => {
  const began = performance.now();
  await fill();
  t.diagnostic(`filled in ${Math.round(performance.now() - began)} ms`);
  const asked = performance.now();
  const html = await (await page.request.get('/admin/c/posts')).body();
  t.diagnostic(`the server answered in ${Math.round(performance.now() - asked)} ms`);
  assert.equal(html.toString().match(/<tr data-id=/g).length, 50);
  assert.match(html.toString(), /10\D?0\d\d/);
  assert.ok(size(html) <= 24 * KB, `${size(html)} bytes of HTML`);
  await page.goto('/admin/c/posts');
  const [script, styles] = [await loaded('.js'), await loaded('.css')];
  t.diagnostic(`HTML ${size(html)}, scripts ${script}, styles ${styles} bytes, gzip`);
  assert.ok(script <= 32 * KB, `${script} bytes of script`);
  assert.ok(styles <= 16 * KB, `${styles} bytes of styles`);
  const searched = performance.now();
  await page.getByRole('searchbox').first().fill('9876');
  await page.getByRole('link', { name: /Loaf number 9876 of many/ }).waitFor();
  t.diagnostic(`search, as seen, with its pause of 200 ms: ${Math.round(performance.now() - searched)} ms`);
  await page.goto('/admin/c/posts');
  await page.getByRole('link', { name: /Next/ }).first().click();
  await page.waitForFunction((first) => !document.body.textContent.includes(first), 'Loaf number 10000 of many');
  assert.equal(await page.locator('tr[data-id]').count(), 50);
});

test('a text of ten thousand words', async (t) => {
  const paragraph = `<p>${'dough rises slowly overnight in a cool kitchen '.repeat(12).trim()}.</p>`;
  await post({ title: 'Very long', slug: 'very-long', status: 'draft', body: paragraph.repeat(105) });
  await page.goto('/admin/c/posts?q=Very+long');
  await page.getByRole('link', { name: /Very long/ }).first().click();
  const text = page.locator('ld-richtext [contenteditable=true]');
  await text.waitFor();
  const extra = await loaded('editor.js');
  t.diagnostic(`editor.js ${extra} bytes, gzip`);
  assert.ok(extra <= 200 * KB, `${extra} bytes of script`);
  await text.click();
  await page.keyboard.press('Control+Home');
  await page.evaluate(() => {
    globalThis.delays = [];
    document.addEventListener('keydown', () => {
      const pressed = performance.now();
      requestAnimationFrame(() => setTimeout(() => globalThis.delays.push(performance.now() - pressed)));
    }, true);
  });
  await page.keyboard.type('Sourdough takes its time. ');
  const delays = await page.evaluate(() => globalThis.delays.toSorted((a, b) => a - b).map((one) => Math.round(one)));
  t.diagnostic(`key to glyph: median ${delays[Math.floor(delays.length / 2)]} ms, worst ${delays.at(-1)} ms`);
  await saved(page);
  const { values } = await stored(page);
  assert.ok(values.body.startsWith('<p>Sourdough takes its time. dough rises'));
  assert.equal(values.body.length, paragraph.length * 105 + 'Sourdough takes its time. '.length);
  assert.deepEqual(page.faults, []);
});
