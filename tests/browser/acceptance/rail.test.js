// Around the text: the bar below it, the side column, addresses, colours; what may only be read; the order on a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, draft, eventually, field, open, publish, saved, signedIn, site, text, title, write } from './desk.js';

const POST = 'A stollen worth the wait';

const at = site({ people: { 'olga@example.com': 'owner', 'vera@example.com': 'viewer' } });

const bar = (page) => page.locator('[data-status-bar]');
const tab = (page, name) => page.locator('.rail').getByRole('tab', { name, exact: true });

/** A page of the type with most kinds of fields, opened. */
async function story(t, options) {
  const page = await signedIn(t, at.browser, at.larder, options);
  await page.goto('/admin/c/p.story');
  await open(page, await page.locator('table.l a.ttl').first().getAttribute('href'));
  return page;
}

test('the bar below a post counts, says where the caret is, and where the text is kept', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type('Bars');
  await bar(page).getByText('Title', { exact: true }).waitFor();
  await text(page).click();
  await page.keyboard.type('## Four words in all');
  await bar(page).getByText('Text, heading 2', { exact: true }).waitFor();
  await bar(page).getByText('4 words').waitFor();
  await page.locator('[data-by]').getByText('1 minute read').waitFor();
  await bar(page).getByText('Draft kept on this device and on the server').waitFor();
  await page.context().setOffline(true);
  await page.keyboard.type(' more');
  await bar(page).getByText('Draft kept on this device, not on the server yet').waitFor();
  await page.context().setOffline(false);
  await bar(page).getByText('Draft kept on this device and on the server').waitFor();
  await page.keyboard.press('Control+.');
  await page.locator('.rail').waitFor({ state: 'hidden' });
  await bar(page).waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+.');
  await page.locator('.rail').waitFor();
});

test('the side column sets when a post goes live, and has its newest history and its search preview', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, await addressOf(page, 'posts', POST));
  const goes = page.locator('[data-goes-live]');
  await goes.getByText('On publish').waitFor();
  await goes.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Date').fill('2099-11-24');
  await dialog.getByRole('button', { name: 'Schedule', exact: true }).click();
  await goes.getByText('24 Nov, 08:00').waitFor();
  await tab(page, 'History').click();
  const lines = page.locator('[data-history] .past li');
  await lines.first().getByText(/^Scheduled, /).waitFor();
  await write(page, field(page, '@title'), ', and warm');
  await lines.first().getByText(/^You, /).waitFor();
  await page.locator('[data-history]').getByRole('link', { name: /^All \d+ versions$/ }).click();
  await page.getByRole('heading', { name: 'History', exact: true }).waitFor();
  await page.goBack();
  await tab(page, 'SEO').click();
  await field(page, 'seo_title').fill('Stollen for search');
  await page.locator('#panel-seo [data-serp]').getByText('Stollen for search').waitFor();
});

test('a page shows what the API answers, live and as a draft, ready to copy', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, await addressOf(page, 'p.landing-page', 'Home'));
  await page.locator('[data-history] .past li').first().waitFor();
  await write(page, title(page), ' and garden');
  await eventually(async () => assert.match((await draft(page, new URL(page.url()).pathname)).title, /garden/));
  await tab(page, 'API').click();
  const [request, answer] = [page.locator('#served-request'), page.locator('#served-json')];
  await answer.getByText('"Home and garden"').waitFor();
  assert.match(await request.innerText(), /^curl "http:\/\/127\.0\.0\.1:\d+\/v2\/pages\/landing-page\/home\/\?.*preview=1.*auth_token=\$LARDER_TOKEN"$/);
  await page.locator('ld-served').getByRole('button', { name: 'Live', exact: true }).click();
  await answer.getByText('"Home"').waitFor();
  assert.doesNotMatch(await request.innerText(), /preview=1/);
  // As a developer would: the copied request is answered with what stands there.
  const address = /"(.*)"/.exec(await request.innerText())[1].replace('$LARDER_TOKEN', at.token);
  assert.deepEqual(await (await fetch(address)).json(), JSON.parse(await answer.innerText()));
  await tab(page, 'SEO').click();
  await field(page, 'seo.title').fill('The mill, for search');
  await page.locator('#panel-seo [data-serp]').getByText('The mill, for search').waitFor();
  await eventually(async () => assert.equal((await draft(page, new URL(page.url()).pathname)).values['seo.title'], 'The mill, for search'));
});

test('an address that is taken is told while it is typed, with who has it', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  await open(page, '/admin/c/posts/new');
  await title(page).click();
  await page.keyboard.type('Another stollen');
  await saved(page);
  const slug = field(page, '@slug');
  const other = await draft(page, await addressOf(await signedIn(t, at.browser, at.larder), 'posts', POST));
  await slug.fill(other.slug);
  const note = page.locator('.f[data-path="@slug"] .hint.warn');
  await note.getByText('Another post has this slug.').waitFor();
  assert.match(await note.getByRole('link').getAttribute('href'), /^\/admin\/c\/posts\/\d+$/);
  await page.keyboard.type('-2');
  await note.waitFor({ state: 'hidden' });
  await eventually(async () => assert.equal((await draft(page, new URL(page.url()).pathname)).slug, `${other.slug}-2`));
});

test('an address field finds pages by name, by keyboard alone, and takes any other address', async (t) => {
  const page = await story(t);
  const link = page.locator('ld-link input').first();
  const path = await link.getAttribute('name');
  await link.fill('');
  await link.pressSequentially('home');
  await page.getByRole('option', { name: /^Home/ }).first().waitFor();
  assert.equal(await link.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  assert.ok(await link.getAttribute('aria-activedescendant'));
  await page.keyboard.press('Enter');
  assert.equal(await link.inputValue(), '/home');
  await page.getByText('Leads to “Home').waitFor();
  const { pathname } = new URL(page.url());
  await eventually(async () => assert.equal((await draft(page, pathname)).values[path], '/home'));
  await link.fill('https://example.com/a');
  assert.equal(await link.getAttribute('aria-expanded'), 'false');
  await eventually(async () => assert.equal((await draft(page, pathname)).values[path], 'https://example.com/a'));
});

test('a colour is chosen among those of the site', async (t) => {
  const page = await story(t);
  const field0 = page.locator('ld-colour').first();
  const swatch = field0.getByRole('group', { name: /^Colours used on this site/ }).getByRole('button').last();
  const colour = await swatch.getAttribute('aria-label');
  assert.match(colour, /^#[0-9A-F]+$/);
  await field0.locator('input').fill('#010203');
  await swatch.click();
  assert.equal(await field0.locator('input').inputValue(), colour);
  assert.equal(await swatch.getAttribute('aria-pressed'), 'true');
  const { pathname } = new URL(page.url());
  const path = await field0.locator('input').getAttribute('name');
  await eventually(async () => assert.equal((await draft(page, pathname)).values[path], colour));
});

test('what may only be read offers nothing that would change it', async (t) => {
  const owner = await signedIn(t, at.browser, at.larder);
  const post = await addressOf(owner, 'posts', 'Knee-high in June');
  const home = await addressOf(owner, 'p.landing-page', 'Home');
  const page = await signedIn(t, at.browser, at.larder, { email: 'vera@example.com' });
  for (const address of [post, home]) {
    await page.goto(address);
    await page.getByText('You can read this, not change it').waitFor();
    await page.waitForFunction(() => customElements.get('ld-blocks') && customElements.get('ld-image'));
    const enabled = page.locator('form').locator('input:not([type=hidden]), textarea, select, button, [contenteditable=true]');
    const able = await enabled.evaluateAll((all) => all.filter((one) => one.checkVisibility() && !one.matches(':disabled, [role=tab]')).map((one) => one.outerHTML));
    assert.deepEqual(able, []);
    const offered = page.locator('form').getByRole('button', { name: /Replace|Remove|Move|Duplicate|Add|Insert/ });
    assert.deepEqual(await offered.evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML)), []);
  }
  await page.goto(post);
  await page.locator('.tok').first().waitFor();
  // What the API answers to everybody is no secret; the history shows drafts.
  await tab(page, 'API').click();
  await page.locator('#served-json').getByText('Knee-high in June').first().waitFor();
  assert.equal(await page.locator('ld-served').getByRole('button', { name: 'Draft', exact: true }).count(), 0);
  assert.equal(await tab(page, 'History').count(), 0);
});

test('items are moved on a phone, from the menu of a row', async (t) => {
  const page = await signedIn(t, at.browser, at.larder, { width: 390, height: 844, touch: true });
  await page.goto('/admin/c/k.faq');
  const names = () => page.locator('table.l .ttl b').allInnerTexts();
  const [first, second, ...rest] = await names();
  await page.getByRole('button', { name: `More for ${first}` }).tap();
  await page.getByRole('menuitem', { name: 'Move down' }).tap();
  await page.waitForURL(/#row-\d+$/);
  await eventually(async () => assert.deepEqual(await names(), [second, first, ...rest]));
  await page.getByRole('button', { name: `More for ${first}` }).press('Enter');
  await page.locator('[role=menuitem]:focus').waitFor();
  await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
  await eventually(async () => assert.deepEqual(await names(), [first, second, ...rest]));
});
