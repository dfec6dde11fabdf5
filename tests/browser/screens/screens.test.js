// Every screen, light, dark and on a phone: nothing breaks the policy, nothing is asked of other origins,
// axe finds nothing, nothing scrolls sideways. With LARDER_SCREENSHOTS=DIR the pictures are kept.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, newPage, openChromium, signIn } from '../larder.js';
import { SCREENS } from './list.js';
import { OWNER, VIEWER, WRITER, makeSites } from './made.js';

const KEEP = process.env.LARDER_SCREENSHOTS;
const ONLY = process.env.LARDER_SCREEN && new RegExp(process.env.LARDER_SCREEN);
const SPRITE = readFileSync(join(import.meta.dirname, '../../../assets/dist/icons.svg'), 'utf8');
const WIDTHS = [
  { name: 'desk', looks: { light: 'light', dark: 'dark' }, width: 1440, height: 980 },
  { name: 'phone', looks: { light: 'phone', dark: 'phone-dark' }, width: 390, height: 844, touch: true },
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

/** Waits for the pictures in sight. */
const filled = (page) => page.evaluate(() => {
  const inSight = [...document.images].filter((image) => {
    const { top, bottom, width } = image.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  });
  return Promise.allSettled(inSight.map((image) => image.decode()));
});

for (const width of WIDTHS) {
  test(`every screen is sound: ${width.name}`, { concurrency: 2 }, async (t) => {
    await Promise.all(SCREENS.filter(({ name, desk }) => !(desk && width.touch) && (!ONLY || ONLY.test(name))).map((screen) => t.test(screen.name, async () => {
      const page = await shown(width, screen);
      for (const theme of ['light', 'dark']) {
        await drawn(page, theme);
        if (KEEP) await filled(page);
        if (KEEP) await page.screenshot({ path: join(KEEP, `${screen.name}-${width.looks[theme]}.png`) });
      }
      assert.deepEqual(page.faults, [], 'policy, foreign requests and scripts');
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `the page is ${wider} px wider than the window`);
      const icons = await page.locator('use').evaluateAll((uses) => uses.map((use) => use.getAttribute('href').split('#')[1]));
      assert.deepEqual(icons.filter((icon) => !SPRITE.includes(`<symbol id="${icon}"`)), [], 'icons that are not in icons.svg');
      for (const theme of ['dark', 'light']) {
        await drawn(page, theme);
        assert.deepEqual(await axe(page), [], theme);
      }
      await page.context().close();
    })));
  });
}

/** Waits until a theme is drawn: what still fades has other colours. */
async function drawn(page, theme) {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations === 1).map((one) => one.finished.catch(() => {}))));
}

/** A page that shows the screen in a browser of its own, with nothing left from others. */
async function shown({ width, height, touch }, screen) {
  const { site = 'site', as = OWNER, path, then } = screen;
  const context = await browser.newContext({
    viewport: { width, height }, hasTouch: touch, isMobile: touch,
    baseURL: sites[site].url, storageState: sessions.get(`${site} ${as}`),
  });
  const page = await newPage(browser, sites[site], { context });
  await page.goto(typeof path === 'function' ? await path(sites) : path);
  await page.waitForLoadState('load');
  await then?.(page, sites);
  await page.evaluate(() => document.fonts.ready);
  return page;
}
