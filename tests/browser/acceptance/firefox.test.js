// The save queue in Firefox: type, saved, the server killed, the tab closed, come back.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { Larder, PASSWORD } from '../larder.js';
import { eventually } from './desk.js';

let larder;
let home;
let browser;

before(async () => {
  larder = await Larder.start();
  home = mkdtempSync(join(tmpdir(), 'larder-firefox-'));
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, env: { ...process.env, HOME: home } });
});

after(async () => {
  await browser?.close();
  await larder?.end();
  rmSync(home, { recursive: true, force: true });
});

const line = (page) => page.$eval('[data-saveline] .ed-line', (shown) => shown.textContent);
const body = (page) => page.$eval('.f[data-path="body"] [contenteditable="true"]', (shown) => shown.innerText.trim());

async function open(page, address) {
  await page.goto(`${larder.url}${address}`);
  await page.waitForSelector('ld-editor[data-ready]');
}

async function saved(page, address, words) {
  await eventually(async () => {
    const { values } = await page.evaluate(async (at) => (await fetch(`${at}/draft`)).json(), address);
    assert.ok(JSON.stringify(values).includes(words), JSON.stringify(values));
  });
  await eventually(async () => assert.match(await line(page), /^Saved/));
}

test('Firefox keeps what was written', async () => {
  const page = await browser.newPage();
  await page.goto(`${larder.url}/admin/sign-in`);
  await page.type('input[name=email]', 'olga@example.com');
  await page.type('input[name=password]', PASSWORD);
  await Promise.all([page.waitForNavigation(), page.click('main button[type=submit], form button:not([type=button])')]);

  await open(page, '/admin/c/posts/new');
  await page.type('[name="@title"]', 'Written in Firefox');
  await eventually(() => assert.match(page.url(), /\/posts\/\d+/));
  const address = new URL(page.url()).pathname;
  await saved(page, address, 'Written in Firefox');

  await page.click('.f[data-path="body"] [contenteditable="true"]');
  await page.keyboard.type('Before. ');
  await larder.stop();
  await page.keyboard.type('While it is away. ');
  await eventually(async () => assert.match(await line(page), /Kept on this device/));
  await larder.serve();
  await page.keyboard.type('Back.');
  await saved(page, address, 'Before. While it is away. Back.');

  await larder.stop();
  await page.keyboard.type(' The last words.');
  await eventually(async () => assert.match(await line(page), /Kept on this device/));
  await page.close();
  await larder.serve();
  const again = await browser.newPage();
  await open(again, address);
  assert.equal(await body(again), 'Before. While it is away. Back.');
  await (await again.waitForSelector('[data-banners] ::-p-text(Restore)')).click();
  await saved(again, address, 'The last words.');
  assert.equal(await body(again), 'Before. While it is away. Back. The last words.');
});
