// What every screen brings along: menus, keys, the theme, messages, the navigation on phones.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, axe, newPage, openChromium, signIn } from './larder.js';

let larder;
let browser;

before(async () => {
  larder = await Larder.start();
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

/** A page at Home; the test fails when anything on it broke a rule. */
async function home(t, options) {
  const page = await newPage(browser, larder, options);
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(page.faults, []);
  });
  await signIn(page);
  await page.goto('/admin');
  return page;
}

const account = (page) => page.locator('[popovertarget="account-menu"]');
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim().replace(/\s+/g, ' '));
const dialog = (page) => page.getByRole('dialog', { name: 'Keyboard' });

test('the account menu is worked with the keyboard and gives focus back', async (t) => {
  const page = await home(t);
  await account(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('[role="menuitem"]:focus', { hasText: 'Your account' }).waitFor();
  assert.equal(await account(page).getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('End');
  assert.equal(await focused(page), 'Sign out');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'Your account');
  await page.keyboard.press('d');
  assert.equal(await focused(page), 'Dark');
  await page.keyboard.press('Escape');
  await page.locator('[popovertarget="account-menu"][aria-expanded="false"]:focus').waitFor();
});

test('the list of keys opens with ? and closes with Escape', async (t) => {
  const page = await home(t, { bypassCSP: true });
  await page.keyboard.press('?');
  await dialog(page).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
});

test('G and a letter lead somewhere, but not out of a text', async (t) => {
  const page = await home(t);
  await page.locator('main').evaluate((main) => {
    const input = document.createElement('input');
    input.id = 'typed';
    main.append(input);
  });
  await page.locator('#typed').pressSequentially('gh?');
  assert.equal(await page.locator('#typed').inputValue(), 'gh?');
  assert.ok(await dialog(page).isHidden());
  await page.locator('#typed').blur();
  // However long the machine takes from the first key to the second.
  await page.clock.setFixedTime(new Date());
  const [answer] = await Promise.all([page.waitForNavigation(), page.keyboard.press('g').then(() => page.keyboard.press('h'))]);
  assert.equal(new URL(answer.url()).pathname, '/admin');
});

test('a message stays while it is pointed at, and is kept under the bell', async (t) => {
  const page = await home(t);
  await page.clock.install();
  await page.evaluate(() => {
    const message = { title: 'Live in 12 ms', detail: '4 responses refreshed.', actions: [{ label: 'View on site', href: '/' }] };
    document.dispatchEvent(new CustomEvent('ld:toast', { detail: message }));
  });
  const toast = page.locator('.toast', { hasText: 'Live in 12 ms' });
  await toast.hover();
  await page.clock.runFor(60_000);
  assert.ok(await toast.isVisible());
  await page.mouse.move(5, 5);
  await page.clock.runFor(9_000);
  await toast.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Messages' }).click();
  await page.locator('#notes', { hasText: 'Live in 12 ms' }).waitFor();
});

test('a request that is refused says why', async (t) => {
  const page = await home(t);
  await page.route('**/admin/refused', (route) => route.fulfill({
    status: 409, contentType: 'application/json', body: JSON.stringify({ error: 'refused', message: 'Posts use this category.' }),
  }));
  await page.locator('main').evaluate((main) => {
    main.insertAdjacentHTML('beforeend', '<button id="ask" hx-post="/admin/refused" hx-target="main">Delete</button>');
    window.htmx.process(main);
  });
  await page.locator('#ask').click();
  await page.locator('.toast.e', { hasText: 'Posts use this category.' }).waitFor();
  assert.ok(await page.locator('#ask').isVisible());
});

test('a sign-in that ended leads to signing in, and back', async (t) => {
  const page = await home(t);
  await page.context().clearCookies();
  await page.locator('main').evaluate((main) => {
    main.insertAdjacentHTML('beforeend', '<button id="ask" hx-get="/admin/account" hx-target="main">Ask</button>');
    window.htmx.process(main);
  });
  await page.locator('#ask').click();
  await page.waitForURL((url) => url.pathname === '/admin/sign-in' && url.searchParams.get('next') === '/admin');
});

test('signing out is in the menu', async (t) => {
  const page = await home(t);
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL((url) => url.pathname === '/admin/sign-in');
});

test('on a phone everything is reached through More', async (t) => {
  const page = await home(t, { width: 390, height: 844, touch: true });
  const more = page.getByRole('button', { name: 'More' });
  await more.click();
  await page.getByRole('navigation', { name: 'Main', exact: true }).waitFor();
  assert.ok(await page.locator('main').evaluate((main) => main.inert), 'the page below cannot be reached');
  assert.ok(await page.evaluate(() => document.activeElement.closest('#side') !== null));
  await page.keyboard.press('Escape');
  await page.locator('.tabbar [data-panel="side"]:focus').waitFor();
  assert.ok(await page.locator('main').evaluate((main) => !main.inert));
});
