// An imported post full of markup that the editor does not know: opened, looked at and left, it stays as it is.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, newPage, openChromium, signIn } from '../larder.js';
import { ready } from './desk.js';
import { stored } from './saved.js';

const BODY = [
  '<p style="color: #c00; margin:0 0 1em" class=\'lead  wide\'>An <font color=red>old</font> text &mdash; with &nbsp; entities &#8230; <br/>',
  'and <BR> breaks.</p>\r\n<center>In the middle</center>',
  '<div id="x" data-gallery=\'{"a":1}\'><span style="font-weight:700">bold</span><div>nested</div></div>\n\n\n',
  '<iframe src="https://maps.example.com/embed?a=1&b=2" width=600 height="450" frameborder="0" allowfullscreen></iframe>',
  '<my-gallery columns="3"><my-picture src="/a.jpg"></my-picture></my-gallery>',
  '<table border=1 cellpadding="4"><tr><td>No body<td>Not closed</table>',
  '<p>Unclosed <b>bold <i>both</b> slanted</i>',
  '<!-- more --><h5>Small</h5><h1>Large</h1><ul><li>One<li>Two</ul>',
  '[gallery ids="1,2,3"]<dl><dt>Term</dt><dd>Meaning</dd></dl><p></p><p>&nbsp;</p>',
].join('');

let browser;
let larder;

before(async () => {
  larder = await Larder.start();
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

test('not one byte is changed, and nothing is sent', async () => {
  const token = larder.run(['token', 'add', '--data', larder.site, '--kind', 'write', '--name', 'import']).trim().split(/\s+/).pop();
  const made = await fetch(`${larder.url}/v2/posts/`, {
    method: 'POST',
    headers: { Authorization: `Token ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'Imported', slug: 'imported', status: 'published', body: BODY, categories: [], tags: [] }),
  });
  assert.ok(made.ok, await made.text());
  const before = await larder.api('/posts/imported', larder.readToken());
  assert.equal(before.body.data.body, BODY);

  const page = await newPage(browser, larder);
  const changes = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !/\/(presence|leave|session|sign-in)$/.test(new URL(request.url()).pathname)) changes.push(`${request.method()} ${request.url()}`);
  });
  await signIn(page);
  await page.goto('/admin/c/posts');
  await page.getByRole('link', { name: /^Imported/ }).first().click();
  await ready(page);
  const opened = await stored(page);
  assert.equal(opened.values.body, BODY);
  assert.equal(opened.status, 'published');
  // Somebody looks around: into the text, over its pieces, through the other fields.
  await page.getByRole('textbox', { name: 'Text', exact: true }).click();
  for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', 'Control+End', 'ArrowUp', 'Escape']) await page.keyboard.press(key);
  for (let step = 0; step < 12; step += 1) await page.keyboard.press('Tab');
  await page.getByRole('tab', { name: 'SEO' }).click();
  assert.equal(await page.locator('textarea[name=body]').evaluate((area) => area.closest('ld-richtext').value ?? area.value), BODY.replaceAll('\r\n', '\n'));
  await page.keyboard.press('Control+s');
  await page.getByRole('link', { name: 'Blog', exact: true }).last().click();
  await page.waitForURL('**/admin/c/posts');
  assert.deepEqual(changes, []);

  const after = await larder.api('/posts/imported', larder.readToken());
  assert.deepEqual(after.body.data, before.body.data);
  assert.deepEqual(page.faults, []);
});
