// Every screen, light, dark and on a phone: nothing breaks the policy, nothing is asked of other origins,
// axe finds nothing, nothing scrolls sideways. With LARDER_SCREENSHOTS=DIR the pictures are kept.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Larder, axe, newPage, openChromium, signIn } from '../larder.js';
import { SCREENS } from './list.js';

const KEEP = process.env.LARDER_SCREENSHOTS;
const LOOKS = [
  { look: 'light', theme: 'light', width: 1440, height: 980 },
  { look: 'dark', theme: 'dark', width: 1440, height: 980 },
  { look: 'phone', theme: 'light', width: 390, height: 844, touch: true },
  { look: 'phone-dark', theme: 'dark', width: 390, height: 844, touch: true },
];

let larder;
let browser;

before(async () => {
  larder = await Larder.start({ people: { 'olga@example.com': 'owner', 'wim@example.com': 'writer' } });
  browser = await openChromium();
  if (KEEP) mkdirSync(KEEP, { recursive: true });
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

for (const look of LOOKS) {
  test(`every screen is sound: ${look.look}`, async (t) => {
    const strict = await signedIn(look, false);
    const checked = await signedIn(look, true);
    for (const screen of SCREENS) {
      await t.test(screen.name, async () => {
        await show(strict, screen);
        if (KEEP) await strict.screenshot({ path: join(KEEP, `${screen.name}-${look.look}.png`) });
        assert.deepEqual(strict.faults, [], 'policy, foreign requests and scripts');
        const wider = await strict.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `the page is ${wider} px wider than the window`);
        await show(checked, screen);
        assert.deepEqual(await axe(checked), []);
      });
    }
    await strict.context().close();
    await checked.context().close();
  });
}

async function signedIn(look, bypassCSP) {
  const page = await newPage(browser, larder, { ...look, bypassCSP });
  await signIn(page);
  return page;
}

async function show(page, screen) {
  page.faults.length = 0;
  const path = typeof screen.path === 'function' ? await screen.path(page, larder) : screen.path;
  if (path) {
    await page.goto(path);
    await page.waitForLoadState('load');
    await page.evaluate(() => document.fonts.ready);
  }
  await screen.then?.(page, larder);
}
