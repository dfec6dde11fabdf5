// One browser and server for a test file, and what a person does with the editor.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';
import { PATIENCE } from '../larder.js';
import { serve } from './server.mjs';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export let server;
let browser;
const open = [];

before(async () => {
  server = await serve();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Every page is checked on leaving: no refused style, script or picture, no error, no other origin. */
afterEach(async () => {
  for (const { page, faults } of open.splice(0)) {
    await page.close();
    assert.deepEqual(faults, []);
  }
});

/** Opens a page with the editor. `options` as in server.mjs; `size` is the window's. */
export async function editor(value = '', options = {}) {
  server.state.page = { value, ...options };
  const context = await browser.newContext({ viewport: options.size ?? { width: 1100, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !/status of (?:4|5)\d\d|ERR_EMPTY_RESPONSE/.test(message.text()) && faults.push(message.text()));
  page.on('request', (request) => !request.url().startsWith(server.address) && !/^(?:blob|data):/.test(request.url()) && faults.push(`asked for ${request.url()}`));
  await page.route('**/a/probe.js', (route) => route.fulfill({ contentType: 'text/javascript', body: `(${probe})()` }));
  open.push({ page, faults });
  await page.goto(server.address);
  await page.locator('.ProseMirror').waitFor();
  return new Writer(page);
}

/** Runs in the page before anything else: what happened to the textarea, and what the policy refused. */
function probe() {
  window.heard = { input: 0, words: null, uploads: [] };
  document.addEventListener('input', (event) => { if (event.target.name === 'body') window.heard.input += 1; });
  document.addEventListener('ld:words', (event) => { window.heard.words = event.detail; });
  document.addEventListener('ld:uploads', (event) => { window.heard.uploads.push(event.detail); });
  document.addEventListener('securitypolicyviolation', (event) => { console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`); });
}

export class Writer {
  constructor(page) {
    this.page = page;
    this.text = page.locator('.ProseMirror');
    this.element = page.locator('ld-richtext');
  }

  /** The value after `flush()`. */
  value() {
    return this.element.evaluate((element) => element.flush());
  }

  /** What the form would send without `flush()`. */
  stored() {
    return this.page.locator('textarea[name=body]').evaluate(({ value }) => value);
  }

  heard() {
    return this.page.evaluate(() => window.heard);
  }

  async type(text) {
    await this.text.focus();
    await this.page.keyboard.type(text);
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Puts the caret at the end of the first place that holds `text`, or selects it. */
  async caret(text, select = false) {
    await this.text.focus();
    await this.text.evaluate((root, [wanted, whole]) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(wanted);
        if (at < 0 || walker.currentNode.parentElement.closest('[contenteditable=false]')) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, whole ? at : at + wanted.length);
        range.setEnd(walker.currentNode, at + wanted.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return;
      }
      throw new Error(`no "${wanted}" in the text`);
    }, [text, select]);
    // The editor learns of a selection when the browser tells it so.
    await this.page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  }

  select(text) {
    return this.caret(text, true);
  }

  /** Keeps from the page what a browser tells a moment later, as a busy one would until the next keys are pressed. */
  holdBack(...types) {
    return this.page.evaluate((held) => {
      for (const type of held) window.addEventListener(type, (event) => { if (event.isTrusted) event.stopImmediatePropagation(); }, true);
    }, types);
  }

  /** Pastes as the browser does; `files` are `{ name, type, base64 }`. */
  async paste({ html = '', text = '', files = [] }) {
    await this.text.focus();
    await this.text.evaluate((root, clipboard) => {
      const data = new DataTransfer();
      if (clipboard.html) data.setData('text/html', clipboard.html);
      if (clipboard.text) data.setData('text/plain', clipboard.text);
      for (const { name, type, base64 } of clipboard.files) {
        data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name, { type }));
      }
      root.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, { html, text, files });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async waitForValue(expected) {
    await until(async () => (await this.value()) === expected, async () => assert.equal(await this.value(), expected));
  }
}

/** Waits until `check` holds; when it never does, `explain` says why. */
export async function until(check, explain) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (await check()) return;
    await new Promise((resolve) => { setTimeout(resolve, 30); });
  }
  await explain?.();
  assert.fail(`it did not happen within ${PATIENCE / 1000} s`);
}
