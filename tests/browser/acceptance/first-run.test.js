// From an empty folder to a post that the public API serves, counting what a person does on the way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Larder, PASSWORD, newPage, openChromium } from '../larder.js';
import { live } from './desk.js';
import { Person } from './person.js';

let browser;
let larder;

before(async () => {
  larder = await Larder.start({ starter: false, people: {} });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await larder?.end();
});

test('somebody new publishes their first post', async (t) => {
  const page = await newPage(browser, larder);
  const person = new Person(page);
  assert.ok(larder.setup, 'the terminal names the address to begin at');
  person.done.push('opens the address from the terminal');
  await page.goto(larder.setup);
  if (await page.getByLabel('Code from the terminal').isVisible()) await person.press('Go on');
  await person.fill('Name', 'Olga Berg');
  await person.fill('Email', 'olga@example.com');
  await person.fill('Password', PASSWORD);
  await person.press('Make the account');
  await person.fill('Name of the site', 'Berg');
  await person.press('Go on');
  await person.press(/^Blog only/);
  const address = /auth_token=([\w-]+)/.exec(await page.locator('#curl-code').textContent());
  assert.ok(address, 'the welcome shows an address with a token that reads');
  await person.press('Go to the dashboard');
  await person.press(/New post|Write a post|Publish something/, 'link');
  await page.waitForURL('**/admin/c/posts/new');
  await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
  await person.fill('Title', 'Our first post');
  person.done.push('types the text');
  await page.getByRole('textbox', { name: 'Text', exact: true }).pressSequentially('Hello from the oven.');
  await person.press('Publish');
  await live(page).waitFor();
  const { status, body } = await larder.api('/posts/our-first-post', address[1]);
  assert.equal(status, 200);
  assert.equal(body.data.title, 'Our first post');
  assert.equal(body.data.body, '<p>Hello from the oven.</p>');
  assert.deepEqual(page.faults, []);
  t.diagnostic(`${person.done.length} actions: ${person.done.join(', ')}`);
  assert.ok(person.done.length <= 20, `${person.done.length} actions`);
});
