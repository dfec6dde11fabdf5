import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import { field, held, launch, line, stage, until } from './browser.mjs';
import { records } from './device.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());
const scene = (run) => stage(() => browser)(run);

const kept = (page) => page.locator('[data-banner^="kept:"]');

describe('text survives', () => {
  it('a tab closed 10 ms after typing, and comes back through the queue', scene(async ({ server, open }) => {
    const page = await open();
    // Also what the closing page still tries to send is lost.
    server.fail({ drop: 'before', times: 100 });
    await field(page, 'intro').fill('Typed just before closing.');
    await new Promise((resolve) => { setTimeout(resolve, 10); });
    await page.close({ runBeforeUnload: false });
    assert.equal(server.value('intro'), 'It is dark outside.');
    const again = await open();
    await kept(again).waitFor();
    assert.match(await kept(again).textContent(), /We kept 1 change from this device/);
    assert.equal(await field(again, 'intro').inputValue(), 'It is dark outside.', 'nothing reloads by itself');
    await kept(again).getByRole('button', { name: 'Compare' }).click();
    assert.match(await again.locator('dialog .diff ins').first().textContent(), /Typed/);
    await again.keyboard.press('Escape');
    server.faults.length = 0;
    await kept(again).getByRole('button', { name: 'Restore' }).click();
    await until(() => server.value('intro') === 'Typed just before closing.', 'the restored text');
    await kept(again).waitFor({ state: 'detached' });
    await until(async () => (await records(again)).length === 0, 'the device copy to go');
  }));

  it('a crash of the tab', scene(async ({ server, open }) => {
    const page = await open();
    server.down = true;
    await field(page, 'intro').fill('Written before the crash.');
    await until(async () => (await records(page)).length === 1, 'the device copy');
    const crashed = page.waitForEvent('crash');
    page.goto('chrome://crash').catch(() => {});
    await crashed;
    server.up();
    const again = await open();
    await kept(again).getByRole('button', { name: 'Restore' }).click();
    await until(() => server.value('intro') === 'Written before the crash.');
    // The crashed page leaves a harmless complaint about its last request.
  }));

  it('a killed browser', scene(async ({ server }) => {
    const profile = await mkdtemp(join(tmpdir(), 'larder-profile-'));
    const options = { executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu'] };
    const first = await chromium.launchPersistentContext(profile, options);
    await first.addCookies([{ name: 'session', value: 'maja', url: server.origin, expires: Date.now() / 1000 + 3600 }]);
    const page = await first.newPage();
    await page.goto(`${server.origin}/admin/c/p.landing/17`);
    await page.locator('ld-editor[data-ready]').waitFor();
    server.down = true;
    await field(page, 'intro').fill('Written before the kill.');
    await until(async () => (await records(page)).length === 1, 'the device copy');
    const session = await first.newCDPSession(page);
    session.send('Browser.crash').catch(() => {});
    await new Promise((resolve) => { first.once('close', resolve); });
    server.up();
    const second = await chromium.launchPersistentContext(profile, options);
    await second.addCookies([{ name: 'session', value: 'maja', url: server.origin }]);
    const again = await second.newPage();
    await again.goto(`${server.origin}/admin/c/p.landing/17`);
    await kept(again).getByRole('button', { name: 'Restore' }).click();
    await until(() => server.value('intro') === 'Written before the kill.');
    await second.close();
    await rm(profile, { recursive: true, force: true });
  }));

  it('a reply lost together with its tab: sent again under the same number', scene(async ({ server, open }) => {
    const page = await open('/admin/c/p.landing/new');
    const late = held();
    server.fail({ hold: late.promise, drop: 'after' });
    await field(page, '@title').fill('Only once');
    await page.keyboard.press('Control+s');
    await until(() => server.entries.size === 2);
    await until(async () => (await records(page))[0]?.inflight, 'the device copy');
    await page.close();
    late.release();
    const again = await open('/admin/c/p.landing/new');
    await kept(again).getByRole('button', { name: 'Restore' }).click();
    await until(() => again.url().endsWith('/18'));
    assert.equal(server.entries.size, 2, 'no second entry');
    assert.equal(server.saves().at(-1).repeated, true);
  }));

  it('components added, moved and removed while the server was away', scene(async ({ server, open }) => {
    const page = await open();
    server.down = true;
    await page.locator('.cmp[data-id=q2w3] [data-card=more]').click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await field(page, 'subtitle').fill('offline');
    await page.locator('.cmp[data-id=z9z9] [data-card=more]').click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await until(async () => (await line(page))?.startsWith('Kept'), 'kept');
    await page.close();
    server.up();
    const again = await open();
    await kept(again).getByRole('button', { name: 'Restore' }).click();
    await until(() => server.value('subtitle') === 'offline');
    const { body } = server.entry().doc.lists;
    assert.deepEqual(body.map(({ component }) => component), ['hero', 'quote', 'quote']);
    assert.equal(server.value(`body[${body[2].id}].text`), 'We eat at home again.');
  }));

  it('discarding, which can be undone', scene(async ({ server, open }) => {
    const page = await open();
    server.fail({ drop: 'before', times: 100 });
    await field(page, 'intro').fill('Perhaps.');
    await until(async () => (await records(page)).length === 1);
    await page.close();
    const again = await open();
    await kept(again).getByRole('button', { name: 'Discard' }).click();
    await kept(again).waitFor({ state: 'detached' });
    await again.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await kept(again).waitFor();
    assert.equal((await records(again)).length, 1);
  }));

  it('being offline for a while', scene(async ({ server, main, open }) => {
    const page = await open();
    await main.setOffline(true);
    await field(page, 'intro').fill('On the train.');
    await page.keyboard.press('Control+s');
    await page.locator('[data-banner=offline]').waitFor();
    assert.match(await page.locator('[data-banner=offline]').textContent(), /You are offline/);
    await main.setOffline(false);
    await until(() => server.value('intro') === 'On the train.');
    await page.locator('[data-banner=offline]').waitFor({ state: 'detached' });
  }));

  it('a browser that keeps nothing: said once, sent sooner, and leaving asks', scene(async ({ server, main, open }) => {
    await main.addInitScript(() => {
      indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };
      // What comes first, as the page's own clock sees it: the request, or the pause after which text is usually sent.
      window.order = [];
      const { fetch: real } = window;
      window.fetch = (address, options) => {
        if (options?.method === 'PATCH') window.order.push('sent');
        return real(address, options);
      };
      document.addEventListener('input', () => setTimeout(() => window.order.push('usual pause'), 1500), { capture: true, once: true });
    });
    const page = await open();
    await until(async () => (await page.locator('[data-saveline]').textContent()).includes('keeps no copy'));
    await field(page, 'intro').pressSequentially('x');
    await until(async () => (await page.evaluate(() => window.order.length)) >= 2, 'the request and the pause');
    assert.deepEqual(await page.evaluate(() => window.order.slice(0, 2)), ['sent', 'usual pause']);
    await until(() => server.saves().length === 1);
    server.down = true;
    await field(page, 'intro').pressSequentially('y');
    const asked = page.waitForEvent('dialog');
    const leaving = page.goto('about:blank').catch(() => {});
    const dialog = await asked;
    assert.equal(dialog.type(), 'beforeunload');
    await dialog.accept();
    await leaving;
  }));

  it('leaving by a link waits for the server, but not for ever', scene(async ({ server, open }) => {
    const page = await open();
    await field(page, 'intro').fill('Last words.');
    await page.locator('.crumb a').click();
    await page.waitForURL('**/admin/away');
    assert.equal(server.value('intro'), 'Last words.');
    const other = await open();
    const late = held();
    server.fail({ until: late.promise });
    await field(other, 'intro').fill('Slow.');
    await other.locator('.crumb a').click();
    // The answer comes only after that.
    await other.waitForURL('**/admin/away');
    late.release();
    await until(() => server.value('intro') === 'Slow.', 'the request that was on its way');
  }));
});
