// Settings, Cache and CDN: setting one up, trying it, what publishing says of it, and having everything dropped.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe } from '../larder.js';
import { addressOf, field, open, publish, saved, signedIn, site, toasts, write } from './desk.js';

const KEEP = process.env.LARDER_SCREENSHOTS;
const PAGE = '/admin/settings/cdn';
const SECRET = 'a-token-nobody-sees';

/** Stands in for Varnish: answers so until it is told otherwise. */
const varnish = { status: 200, got: [] };
const on = site({});

before(async () => {
  varnish.server = createServer((request, response) => {
    varnish.got.push({ method: request.method, headers: request.headers });
    response.writeHead(varnish.status).end();
  });
  // Node knows no method BAN, and leaves it to this.
  varnish.server.on('clientError', (error, socket) => {
    const [method] = String(error.rawPacket ?? '').split(' ');
    varnish.got.push({ method, headers: {} });
    socket.end(method === 'BAN' ? 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' : 'HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise((ready) => { varnish.server.listen(0, '127.0.0.1', ready); });
  varnish.address = `http://127.0.0.1:${varnish.server.address().port}`;
});

after(() => {
  varnish.server.close();
  varnish.server.closeAllConnections();
});

/** The screen as it is now, in both themes and both widths: nothing wrong, and a picture if they are kept. */
async function sound(page, name) {
  if (KEEP) mkdirSync(KEEP, { recursive: true });
  for (const [width, height, looks] of [[1440, 980, ['light', 'dark']], [390, 844, ['phone', 'phone-dark']]]) {
    await page.setViewportSize({ width, height });
    for (const [place, colorScheme] of ['light', 'dark'].entries()) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations === 1).map((one) => one.finished.catch(() => {}))));
      assert.deepEqual(await axe(page), [], `${name}, ${looks[place]}`);
      if (KEEP) await page.screenshot({ path: join(KEEP, `${name}-${looks[place]}.png`), fullPage: true });
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${name}: the page is ${wider} px wider than the window`);
  }
  await page.setViewportSize({ width: 1440, height: 980 });
}

test('what is wrong is said beside its field, and the token is never shown again', async (t) => {
  const page = await signedIn(t, on.browser, on.larder);
  await page.goto('/admin/settings');
  await page.getByRole('link', { name: /No CDN is set up/ }).click();
  await page.getByRole('heading', { name: 'No CDN is set up' }).waitFor();
  for (const provider of ['Fastly', 'Cloudflare', 'bunny.net', 'Varnish', 'Other']) {
    await page.getByRole('navigation', { name: 'Provider' }).getByRole('link', { name: provider }).click();
    await page.getByRole('navigation', { name: 'Provider' }).locator('[aria-current]', { hasText: provider }).waitFor();
  }
  await sound(page, 'cdn-other');
  await page.getByLabel('Address').fill(`${varnish.address}/?keys={keys}`);
  await page.getByLabel('Headers').fill('X-Purge-Token: {token}');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('A token of the provider is needed to purge.').waitFor();
  await sound(page, 'cdn-wrong');
  assert.equal(await page.getByLabel('Headers').inputValue(), 'X-Purge-Token: {token}', 'what was typed stays');
  await page.getByLabel(/^Token/).fill(SECRET);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'HTTP is told of every change' }).waitFor();
  assert.ok(!(await page.content()).includes(SECRET));
  assert.equal(await page.getByLabel(/^Token/).inputValue(), '');
  assert.equal(await page.getByLabel(/^Token/).getAttribute('placeholder'), 'Stored');
  // Nobody has allowed this machine to be asked.
  await page.getByText(/is not on the public internet/).first().waitFor();
  assert.equal(varnish.got.length, 0);
});

test('publishing says when the CDN is purged, or why it is not', async (t) => {
  on.larder.run(['cdn', 'set', 'varnish', '--server', varnish.address, '--allow-private', '--again-after', '0', '--data', on.larder.site]);
  const page = await signedIn(t, on.browser, on.larder);
  await page.goto(PAGE);
  await page.getByRole('heading', { name: 'Varnish is told of every change' }).waitFor();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await toasts(page).getByText('Varnish can be told.').waitFor();
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  await write(page, field(page, 'summary'), ' Purged.');
  await saved(page);
  await publish(page);
  await toasts(page).getByText(/^CDN purged in (less than 1|\d+) ms\.$/).waitFor();
  varnish.status = 503;
  await write(page, field(page, 'summary'), ' Not purged.');
  await saved(page);
  await publish(page);
  await toasts(page).getByText('CDN purge failed, trying again.').waitFor();
  await page.goto(PAGE);
  await page.getByText('Trying again').first().waitFor();
  await page.getByText(/It is in trouble \(it answered 503\)/).first().waitFor();
  await sound(page, 'cdn-failing');
  varnish.status = 200;
  // The list asks for itself.
  await page.locator('#log', { hasText: 'Purged' }).and(page.locator(':not([hx-get])')).waitFor();
  await sound(page, 'cdn');
});

test('everything is dropped only when that is typed', async (t) => {
  const page = await signedIn(t, on.browser, on.larder);
  await page.goto(PAGE);
  const before = varnish.got.filter(({ method }) => method === 'BAN').length;
  await page.getByRole('button', { name: 'Purge all' }).click();
  await page.getByText('Type “purge all” to have everything dropped.').waitFor();
  await page.getByLabel(/^Type “purge all”/).fill('purge all');
  await page.getByRole('button', { name: 'Purge all' }).click();
  await toasts(page).getByText('Everything is being purged.').waitFor();
  await page.locator('#log li', { hasText: 'by hand' }).filter({ hasText: 'Purged' }).waitFor();
  assert.equal(varnish.got.filter(({ method }) => method === 'BAN').length, before + 1);
  await page.getByRole('button', { name: 'Do not use it any more' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Do not use it' }).click();
  await page.getByRole('heading', { name: 'No CDN is set up' }).waitFor();
});
