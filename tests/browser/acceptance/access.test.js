// Who may come in: tokens, one-time codes and passkeys by pointer and keyboard; and search for everything, and exploring.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Larder, PASSWORD, axe, newPage, openChromium, signIn } from '../larder.js';

const OLGA = 'olga@example.com';
const ADA = 'ada@example.com';
const VIC = 'vic@example.com';

let browser;
let larder;

before(async () => {
  larder = await Larder.start({ people: { [OLGA]: 'owner', [ADA]: 'editor', [VIC]: 'viewer' } });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

/** The code of an authenticator app (RFC 6238), `steps` half minutes from now. */
function code(secret, steps = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function sound(page, what) {
  assert.deepEqual(page.faults, [], `${what}: policy, foreign requests and scripts`);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
  }
}

test('a token is made, copied, replaced and removed', async () => {
  const page = await newPage(browser, larder);
  await signIn(page, OLGA);
  await page.getByRole('link', { name: 'API tokens' }).first().click();
  await page.getByLabel('Name').fill('Importer');
  await page.getByRole('radio', { name: /^Read and write/ }).check();
  await page.getByRole('button', { name: 'Make the token' }).click();
  const first = await page.getByRole('textbox', { name: 'The token' }).inputValue();
  assert.equal((await larder.api('/posts/', first)).status, 200);
  await sound(page, 'token made');
  await page.getByRole('link', { name: /^Importer/ }).click();
  await page.getByText('Last used').waitFor();
  await page.getByLabel('How long the old secret works').selectOption('24');
  await page.getByRole('button', { name: 'Make another secret' }).click();
  const second = await page.getByRole('textbox', { name: 'The token' }).inputValue();
  assert.notEqual(second, first);
  for (const secret of [first, second]) assert.equal((await larder.api('/posts/', secret)).status, 200);
  await sound(page, 'token rotated');
  await page.getByRole('button', { name: 'Remove the token' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
  await sound(page, 'asking before removing');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('The token is removed').waitFor();
  await page.context().close();
});

test('one-time codes, by keyboard, and in again with a recovery code', async () => {
  const page = await newPage(browser, larder);
  await signIn(page, ADA);
  await page.goto('/admin/account/second-factor');
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await sound(page, 'setting codes up');
  const secret = await page.locator('[name=secret]').inputValue();
  await page.getByLabel('Code', { exact: true }).focus();
  await page.keyboard.type(code(secret.replaceAll(' ', '')));
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  const recovery = (await page.getByLabel('Recovery codes', { exact: true }).innerText()).trim().split('\n');
  assert.equal(recovery.length, 10);
  await sound(page, 'recovery codes');
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.getByText('You sign in with the password and a one-time code').waitFor();
  await page.context().clearCookies();
  await page.goto('/admin/sign-in');
  await page.getByLabel('Email').fill(ADA);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'One-time code' }).waitFor();
  await sound(page, 'asking for the code');
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await page.getByText('This code does not work').waitFor();
  await sound(page, 'wrong code');
  await page.getByLabel('Code', { exact: true }).fill(recovery[2]);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin');
  await page.context().close();
});

test('a passkey is made, signs in, and works no more once it is removed', async () => {
  // Browsers know no passkeys for addresses made of numbers.
  const named = larder.url.replace('127.0.0.1', 'localhost');
  await larder.stop('SIGTERM');
  larder.env = { ...larder.env, LARDER_PUBLIC_URL: named };
  await larder.serve();
  const page = await newPage(browser, { ...larder, url: named });
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await signIn(page, OLGA);
  await page.goto('/admin/account');
  await page.locator('ld-passkey-add').getByLabel('Name').fill('Laptop');
  await page.locator('ld-passkey-add').getByLabel('Present password').fill('not this one');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('This is not your present password.').waitFor();
  await page.locator('ld-passkey-add').getByLabel('Present password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey is added').waitFor();
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  assert.deepEqual(credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]), [['localhost', true]]);
  // On a page of its own: looking with axe would end the stand-in for a device.
  const beside = await newPage(browser, { ...larder, url: named }, { context: page.context() });
  await beside.goto(`${named}/admin/account`);
  await beside.getByText('Laptop').first().waitFor();
  await sound(beside, 'passkey added');
  await beside.close();
  await page.context().clearCookies();
  await page.goto('/admin/sign-in?next=/admin/media');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL((url) => url.pathname === '/admin/media');
  await page.goto('/admin/account');
  await page.getByRole('button', { name: 'Remove the passkey Laptop' }).click();
  await page.getByText('The passkey is removed').waitFor();
  await page.context().clearCookies();
  await page.goto('/admin/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey does not work here').waitFor();
  await sound(page, 'passkey refused');
  await page.context().close();
});

test('everything is found from the keyboard, and nothing that one may not see', async () => {
  const page = await newPage(browser, larder);
  await signIn(page, OLGA);
  await page.goto('/admin');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search everything' });
  await field.waitFor();
  assert.ok(await field.evaluate((input) => input === document.activeElement));
  await page.keyboard.type('audit');
  await page.getByRole('option', { name: /^Audit log/ }).waitFor();
  await page.locator('#palette [role=status]', { hasText: /^\d+ results?$/ }).waitFor();
  await sound(page, 'search');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/audit');
  // What was chosen last is offered first; / opens it where no list has a search of its own.
  await page.goto('/admin');
  await page.keyboard.press('/');
  await page.getByRole('group', { name: 'Recent' }).getByRole('option', { name: /^Audit log/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  const chosen = await field.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`#${chosen}`).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'hidden' });
  await page.context().close();
  const viewer = await newPage(browser, larder);
  await signIn(viewer, VIC);
  const groups = await (await viewer.request.get('/admin/palette?q=')).json();
  const titles = groups.flatMap(({ items }) => items.map(({ title, status }) => [title, status]));
  assert.ok(!titles.some(([title]) => /Settings|People|Audit|token|^New /.test(title)), JSON.stringify(titles));
  assert.ok(titles.every(([, status]) => !status || status === 'published'), JSON.stringify(titles));
  await viewer.context().close();
});

test('the API is asked and its answer explained', async () => {
  larder.readToken();
  const page = await newPage(browser, larder);
  await signIn(page, OLGA);
  await page.goto('/admin/explore');
  await page.getByLabel('Question').selectOption('/posts/');
  await page.getByLabel('More parameters').fill('page_size=2');
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('[data-summary]', { hasText: /^200/ }).waitFor();
  assert.match(await page.locator('#request').innerText(), /^curl "http.*\/v2\/posts\/\?page_size=2&auth_token=\w+"$/);
  assert.equal(JSON.parse(await page.locator('#answer').innerText()).data.length, 2);
  assert.ok((await page.locator('[data-headers]').innerText()).includes('Cache'));
  await sound(page, 'answer');
  await page.getByLabel('Question').selectOption('/posts/{slug}/');
  await page.getByLabel('Slug, id or words').fill('no-such-post');
  await page.keyboard.press('Enter');
  await page.locator('[data-summary]', { hasText: /^404/ }).waitFor();
  await page.context().close();
});
