// Every screen, light, dark and on a phone: nothing breaks the policy, nothing is asked of other origins,
// axe finds nothing, nothing scrolls sideways. With LARDER_SCREENSHOTS=DIR the pictures are kept.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, newPage, openChromium, signIn } from '../larder.js';
import { SCREENS } from './list.js';
import { OWNER, VIEWER, WRITER, makeSites } from './made.js';

const KEEP = process.env.LARDER_SCREENSHOTS;
const ONLY = process.env.LARDER_SCREEN && new RegExp(process.env.LARDER_SCREEN);
const LOOKS = [
  { look: 'light', theme: 'light', width: 1440, height: 980 },
  { look: 'dark', theme: 'dark', width: 1440, height: 980 },
  { look: 'phone', theme: 'light', width: 390, height: 844, touch: true },
  { look: 'phone-dark', theme: 'dark', width: 390, height: 844, touch: true },
];

let sites;
let browser;
/** Cookies of everybody who looks, so that nobody signs in twice. */
const sessions = new Map();

before(async () => {
  browser = await openChromium();
  sites = await makeSites(browser);
  for (const [site, person] of [['site', OWNER], ['site', WRITER], ['site', VIEWER], ['empty', OWNER]]) {
    const page = await newPage(browser, sites[site]);
    await signIn(page, person);
    sessions.set(`${site} ${person}`, await page.context().storageState());
    await page.context().close();
  }
  if (KEEP) mkdirSync(KEEP, { recursive: true });
});

after(async () => {
  await browser?.close();
  for (const site of Object.values(sites ?? {})) await site.end();
});

for (const look of LOOKS) {
  test(`every screen is sound: ${look.look}`, async (t) => {
    for (const screen of SCREENS.filter(({ name }) => !ONLY || ONLY.test(name))) {
      await t.test(screen.name, async () => {
        const strict = await shown(look, screen, false);
        if (KEEP) await strict.screenshot({ path: join(KEEP, `${screen.name}-${look.look}.png`) });
        assert.deepEqual(strict.faults, [], 'policy, foreign requests and scripts');
        const wider = await strict.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `the page is ${wider} px wider than the window`);
        await strict.context().close();
        // axe is injected, which the policy refuses.
        const checked = await shown(look, screen, true);
        assert.deepEqual(await axe(checked), []);
        await checked.context().close();
      });
    }
  });
}

/** A page that shows the screen in a browser of its own, with nothing left from others. */
async function shown(look, screen, bypassCSP) {
  const { site = 'site', as = OWNER, path, then } = screen;
  const { theme, width, height, touch } = look;
  const context = await browser.newContext({
    colorScheme: theme, viewport: { width, height }, hasTouch: touch, isMobile: touch, bypassCSP,
    baseURL: sites[site].url, storageState: sessions.get(`${site} ${as}`),
  });
  const page = await newPage(browser, sites[site], { context });
  page.setDefaultTimeout(5_000);
  await page.goto(typeof path === 'function' ? await path(sites) : path);
  await page.waitForLoadState('load');
  await then?.(page, sites);
  await page.evaluate(() => document.fonts.ready);
  // A dialog that is still fading in has other colours.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))));
  return page;
}
