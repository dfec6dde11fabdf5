// From the first start to a website that gets its content: every page on the way is sound, whatever it looks like.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, PASSWORD, axe, newPage, openChromium } from '../larder.js';

const LOOKS = [
  { look: 'light', theme: 'light' },
  { look: 'dark', theme: 'dark' },
  { look: 'phone', theme: 'light', width: 390, height: 844, touch: true },
];

let browser;

before(async () => {
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
});

/** What is wrong with the page that is shown. axe needs a page that bypasses the policy. */
async function sound(page, what) {
  assert.deepEqual(page.faults, [], `${what}: policy, foreign requests and scripts`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${what}: ${wider} px wider than the window`);
  if (page.checked) assert.deepEqual(await axe(page), [], what);
}

for (const look of LOOKS) {
  for (const bypassCSP of [false, true]) {
    test(`a new site is set up: ${look.look}${bypassCSP ? ', with axe' : ''}`, async () => {
      const larder = await Larder.start({ starter: false, people: {} });
      try {
        const page = await newPage(browser, larder, { ...look, bypassCSP });
        page.checked = bypassCSP;
        await setUp(page, larder);
        await handOn(page);
        await page.context().close();
      } finally {
        await larder.end();
      }
    });
  }
}

async function setUp(page, larder) {
  await page.goto('/admin');
  await sound(page, 'code');
  await page.getByLabel('Code from the terminal').fill(new URL(larder.setup).searchParams.get('code'));
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Name').fill('Olga Berg');
  await page.getByLabel('Email').fill('olga@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByText('Hard to guess').waitFor();
  await sound(page, 'account');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByLabel('Name of the site').fill('Berg & Söhne');
  await sound(page, 'site');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Import', { exact: true }).click();
  await sound(page, 'content');
  await page.getByRole('button', { name: /^Sample site/ }).click();
  await page.getByRole('tab', { name: 'Nuxt' }).click();
  await page.getByText('Waiting for the first request').waitFor();
  await sound(page, 'welcome');
  await page.getByRole('tab', { name: 'curl' }).click();
  const [, address] = /'(http.+)'/.exec(await page.locator('#curl-code').innerText());
  assert.equal((await fetch(address)).status, 200);
  await page.getByText('Your website is connected').waitFor();
  await sound(page, 'welcome, connected');
  await page.getByRole('button', { name: 'Go to the dashboard' }).click();
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
}

/** Invites somebody, who comes; and one looks at what one sees when something is wrong. */
async function handOn(page) {
  await page.goto('/admin/people');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.getByLabel('The link').inputValue();
  await sound(page, 'invited');
  await page.goto('/admin/people/1');
  await sound(page, 'person');
  await page.goto('/admin/settings');
  await page.getByLabel('Preview address').fill('nonsense');
  await page.getByRole('button', { name: 'Save addresses and preview' }).click();
  await page.getByText('An address begins with').waitFor();
  await sound(page, 'settings, wrong');
  await page.getByRole('button', { name: 'Remove the sample site' }).click();
  await sound(page, 'settings, asking');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('heading', { name: 'The sample site is removed' }).waitFor();
  await sound(page, 'sample site removed');
  await page.context().clearCookies();
  await page.goto(link);
  await sound(page, 'invitation');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Password', { exact: true }).evaluate((input) => { input.removeAttribute('minlength'); });
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText('A password has at least 12 characters.').waitFor();
  await sound(page, 'invitation, wrong');
  await page.goto('/admin/sign-in');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('do not belong together').waitFor();
  await sound(page, 'sign-in, wrong');
}
