// What every test needs: a browser, a fake server, and an end that fails on any policy violation or script error.

import { chromium } from 'playwright-core';
import { PATIENCE } from '../larder.js';
import { start } from './server.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launch(options = {}) {
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS, ...options });
}

/** Runs `test({server, context, page, open, type})` with everything new, and checks what must always hold. */
export function stage(given, options = {}) {
  return (run) => async () => {
    const browser = given();
    const server = await start(options.server);
    Object.assign(server, options.set);
    const problems = [];
    const contexts = [];
    const context = async (session = 'maja', extra = {}) => {
      const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...extra });
      await made.addCookies([{ name: 'session', value: session, url: server.origin }]);
      await made.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => { console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`); });
      });
      contexts.push(made);
      return made;
    };
    const open = async (where = '/admin/c/p.landing/17', from = main) => {
      const page = await from.newPage();
      page.on('console', (message) => {
        const text = message.text();
        if (text.startsWith('CSP') || text.includes('Content Security Policy') || text.includes('Content-Security-Policy')) problems.push(text);
      });
      page.on('pageerror', (error) => problems.push(`error: ${error.stack}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(server.origin) && !request.url().startsWith('blob:')) problems.push(`request elsewhere: ${request.url()}`);
      });
      page.setDefaultTimeout(PATIENCE);
      await page.goto(server.origin + where);
      if (where.includes('/admin/c/')) await page.locator('ld-editor[data-ready]').first().waitFor();
      return page;
    };
    const main = await context();
    try {
      await run({ server, context, open, main });
      const all = [...problems, ...server.violations];
      if (all.length > 0) throw new Error(all.join('\n'));
    } catch (error) {
      if (problems.length) error.message += `\n${problems.join('\n')}`;
      throw error;
    } finally {
      await Promise.all(contexts.map((made) => made.close().catch(() => {})));
      await server.stop();
    }
  };
}

/** A promise and what resolves it: `{promise, release}`. */
export function held() {
  let release;
  const promise = new Promise((resolve) => { release = resolve; });
  return { promise, release };
}

/** Waits until `check` holds on this side, without the page's `eval`. */
export async function until(check, what = 'it', patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

/** The text of the save line. */
export const line = (page) => page.locator('[data-saveline] .ed-line').first().textContent();

export const field = (page, path) => page.locator(`.f[data-path="${path}"] :is(input:not([type=hidden]):not([type=file]), textarea, select)`).first();
