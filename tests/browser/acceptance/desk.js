// What somebody at an editing screen does and sees.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Larder, PATIENCE, newPage, openChromium, signIn } from '../larder.js';

/** The starter site, a browser and a read token, there while the tests of a file run. */
export function site(options) {
  const site = {};
  before(async () => {
    site.larder = await Larder.start(options);
    site.token = site.larder.readToken();
    site.browser = await openChromium();
  });
  after(async () => {
    await site.browser?.close();
    await site.larder?.end();
  });
  return site;
}

/** A signed-in page; the test fails when the policy was violated, another origin asked or a script broke. */
export async function signedIn(t, browser, larder, { email, ...options } = {}) {
  const page = await newPage(browser, larder, { width: 1440, ...options });
  t.after(async () => {
    await page.context().close().catch(() => {});
    assert.deepEqual(page.faults, []);
  });
  await signIn(page, email);
  return page;
}

/** The address of the entry with this title in the list of a type. */
export async function addressOf(page, type, title) {
  await page.goto(`/admin/c/${type}?q=${encodeURIComponent(title)}`);
  const href = await page.locator('table.l a.ttl', { hasText: title }).first().getAttribute('href');
  return href.replace(/\?.*/, '');
}

/** Opens an editing screen and waits for its scripts. */
export async function open(page, address) {
  await page.goto(address);
  await ready(page);
}

/** Waits for the scripts of an editing screen. */
export async function ready(page) {
  await page.locator('ld-editor[data-ready]').waitFor();
}

export const title = (page) => page.locator('[name="@title"]');
export const text = (page) => page.locator('.f[data-path="body"] [contenteditable="true"]');
export const field = (page, path) => page.locator(`[name="${path}"]:not([type=hidden])`);
export const line = (page) => page.locator('[data-saveline] .ed-line');
export const button = (page) => page.locator('[data-publish] button').first();
export const toasts = (page) => page.locator('ld-toast');

/** Waits until the server has all of what was typed, and the save line says so. */
export async function saved(page) {
  await page.keyboard.press('Control+s');
  // The line may still speak of what was saved before.
  await page.waitForFunction(() => !document.querySelector('ld-editor').queue.unsent);
  await line(page).getByText(/^Saved/).waitFor();
}

/** Waits until a check of what can be seen from outside holds; its last answer is the error. */
export async function eventually(check, seconds = PATIENCE / 1000) {
  for (const end = Date.now() + seconds * 1000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }
}

/** Writes at the end of a field. */
export async function write(page, place, words) {
  await place.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

/** Chooses from the menu beside the filled button. */
export async function choose(page, name) {
  await page.getByRole('button', { name: 'More publish choices' }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** Answers the open dialog with its button of this name. */
export async function confirm(page, name) {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

/** The message that something went live. */
export const live = (page) => page.locator('ld-toast .toast:not([data-old])', { hasText: /Live in .*\d ms/ }).first();

/** Publishes and waits for the message, which is not one of before. */
export async function publish(page) {
  await page.locator('ld-toast .toast').evaluateAll((all) => { for (const toast of all) toast.dataset.old = ''; });
  await button(page).click();
  await live(page).waitFor();
}

/** What the API tells of a post, or null. */
export async function post(larder, token, slug) {
  const { body } = await larder.api(`/posts/${slug}/`, token);
  return body?.data ?? null;
}

/** What is saved: the draft as the server has it. */
export async function draft(page, address) {
  return (await page.request.get(`${address}/draft`)).json();
}
