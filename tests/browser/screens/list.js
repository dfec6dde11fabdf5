// The screens of the dashboard, in all their states, and how one gets there.
//
// `path` is an address or gives one, `then` does what leads from there to the state, `desk` says that phones do not offer it,
// `site` which of the sites it is (made.js), `as` who looks: the owner, another person's address, or 'nobody'.

import { VIEWER, WRITER } from './made.js';

const LANDING = '/admin/c/p.landing-page/102';
const TWO_LANGUAGES = '/admin/c/p.landing-page/101?locale=en';

/** Presses a button once the scripts of the screen have drawn it. */
const press = (name, within = 'main') => (page) => page.locator(within).getByRole('button', { name }).first().click();

/** Until the form is taken over by its scripts. */
async function edits(page) {
  await page.locator('[data-publish] button').first().waitFor({ state: 'attached' });
  await page.locator('[data-checklist] li').first().waitFor({ state: 'attached' });
}

/** Chooses from the menu beside Publish. */
const more = (item) => async (page) => {
  await edits(page);
  await page.getByRole('button', { name: 'More publish choices' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.locator('dialog[open]').waitFor();
};

/** Opens a tab of the side column, on a phone the column first. */
const openTab = (name, until) => async (page) => {
  await edits(page);
  await openRail(page);
  await page.locator('.rail').getByRole('tab', { name, exact: true }).click();
  await page.locator(until).first().waitFor();
};

async function openRail(page) {
  const button = page.getByRole('button', { name: 'Details', exact: true });
  if (await button.isVisible()) await button.click();
}

async function addressTaken(page, { site }) {
  await edits(page);
  await openRail(page);
  const { slug } = await (await page.request.get(`${site.made.live}/draft`)).json();
  await page.locator('[name="@slug"]').fill(slug);
  await page.getByText('Another post has this slug.').waitFor();
}

/** A field for an address in which somebody looks for a page, and the colours beside it. */
async function linkFound(page) {
  await page.goto(await page.locator('table.l a.ttl').first().getAttribute('href'));
  await edits(page);
  await page.locator('ld-colour .swatches button').first().waitFor();
  const field = page.locator('ld-link input').first();
  await field.scrollIntoViewIfNeeded();
  await field.fill('');
  await field.pressSequentially('home');
  await page.locator('ld-link [role=option]').first().waitFor();
  await page.keyboard.press('ArrowDown');
}

async function selectTwo(page) {
  await page.locator('[data-row]').nth(0).check({ force: true });
  await page.locator('[data-row]').nth(1).check({ force: true });
  await page.locator('[data-bulk]').waitFor();
}

async function deleteTwo(page) {
  await selectTwo(page);
  await page.locator('[data-bulk] button[value=delete]').click();
  await page.locator('dialog[open]').waitFor();
}

/** One file that is there already, and one that nobody can show. */
async function uploadTwo(page) {
  const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path fill="#17694b" d="M0 0h40v30H0z"/></svg>');
  await page.locator('[data-files]').setInputFiles([{ name: 'bar.svg', mimeType: 'image/svg+xml', buffer }, { name: 'layers.psd', mimeType: 'application/octet-stream', buffer }]);
  await page.locator('[data-sum]', { hasText: '1 of 2 uploaded, 1 needs attention' }).waitFor();
}

async function openFile(page) {
  await page.locator('.tile', { hasText: 'flour-sacks' }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'flour-sacks.jpg' }).waitFor();
  await page.waitForLoadState('load');
}

/** Unpublishing more than one, which asks where their visitors are sent. */
async function sendTwo(page) {
  await selectTwo(page);
  await page.locator('[data-bulk]').getByRole('button', { name: 'Unpublish' }).first().click();
  await page.getByLabel('Send visitors of what is live to').first().waitFor();
}

async function bulkDone(page) {
  await selectTwo(page);
  await page.locator('[data-bulk] button[value=publish]').click();
  await page.locator('#job').getByText(/published|need attention|nothing/i).first().waitFor();
}

async function wrongPassword(page) {
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  // The answer is a whole page, with the same words as the last one.
  const answered = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answered;
  await page.locator('main [role=alert]').first().waitFor();
}

async function tooOften(page) {
  for (let tries = 0; tries < 8; tries += 1) {
    await wrongPassword(page);
    if (await page.getByText(/wait|too many|try again/i).count() > 0) return;
  }
}

const NAMES = ['Our mill by the Wick', 'The mill at Otterwick', 'Flour since 1786', 'Who mills here'];
let renamed = 0;

/** Somebody else changes what one is writing: to something else each time. */
async function conflict(page, { site }) {
  await edits(page);
  // What is written here is on its way when the other change overtakes it.
  let overtaken;
  const held = new Promise((done) => { overtaken = done; });
  await page.route('**/draft', async (route) => {
    if (route.request().method() !== 'GET') await held;
    await route.continue();
  });
  await page.locator('[name="@title"]').fill('The title of this browser');
  await site.made.owner.change(LANDING, [{ op: 'set', path: '@title', value: NAMES[renamed++ % NAMES.length] }]);
  overtaken();
  await page.getByText('Keep mine').first().waitFor();
}

/** The image tool with a crop in a shape. */
async function imageTool(page) {
  await edits(page);
  await page.getByRole('button', { name: 'Edit image' }).first().click();
  await page.getByRole('button', { name: '16:9' }).click();
  await page.locator('.it-previews img').first().waitFor();
}

async function inviteSomebody(page) {
  await page.getByLabel('Email').fill('ines@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByLabel('The link').waitFor();
}

async function makeToken(page) {
  await page.getByLabel('Name').fill('Importer');
  await page.getByRole('radio', { name: /^Read and write/ }).check();
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByRole('textbox', { name: 'The token' }).waitFor();
}

async function askApi(page) {
  await page.getByRole('button', { name: 'Ask' }).click();
  await page.locator('[data-summary]', { hasText: '200' }).waitFor();
}

async function searchEverything(page) {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search everything' }).fill('rye');
  await page.getByRole('option').first().waitFor();
  await page.locator('#palette [role=status]', { hasText: 'result' }).waitFor();
}

async function settingsWrong(page) {
  await page.getByLabel('Preview address').fill('nonsense');
  await page.getByRole('button', { name: 'Save addresses and preview' }).click();
  await page.getByText('An address begins with').waitFor();
}

async function planRedirects(page) {
  await page.getByLabel('Redirects').fill('/old,/new,301\n/brot,/rye,308\n/new,/old\n/news/*,/blog/:splat');
  await page.getByRole('button', { name: 'Show what happens' }).click();
  await page.getByText('left out').first().waitFor();
}

async function webhookWrong(page) {
  await page.getByLabel('Address').fill('https://user:secret@example.com/hook');
  await page.getByLabel('Headers').fill('Authorization Bearer');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByText('is no header').waitFor();
}

const showForm = (page) => page.getByRole('tab', { name: 'Form' }).click();

async function typeWrong(page) {
  await page.getByLabel('Add fields by typing').fill('when daet\nrank number!');
  await page.getByRole('button', { name: 'Add fields' }).click();
  await page.getByText('is it date?').waitFor();
}

async function typeField(page) {
  await page.getByLabel('Add fields by typing').click();
  await page.keyboard.type('rank ');
  await page.locator('.words [role=option]').first().waitFor();
}

/** What one looks at stays on the board; it changes nothing that is in force. */
async function planRemoval(page) {
  const fields = page.locator('.fields a[data-row-link]');
  await fields.nth(1).click();
  await page.getByRole('button', { name: 'Remove this field' }).click();
  await page.goto('/admin/model/plan');
  await page.getByRole('button', { name: 'Save the model' }).waitFor();
}

async function askAboutVisitors(page) {
  await edits(page);
  await page.locator('[data-publish] button').first().click();
  await page.getByRole('dialog').getByText('The address changes').waitFor();
}

const made = (of) => (sites) => of(sites.site.made);

export const SCREENS = [
  { name: 'home', path: '/admin' },
  { name: 'home-writer', path: '/admin', as: WRITER },
  { name: 'home-first-steps', path: '/admin', site: 'empty' },
  { name: 'posts', path: '/admin/c/posts' },
  { name: 'posts-filtered', path: '/admin/c/posts?status=published&q=rye' },
  { name: 'posts-nothing-found', path: '/admin/c/posts?q=zzzzzz' },
  { name: 'posts-none', path: '/admin/c/posts', site: 'empty' },
  { name: 'posts-selected', desk: true, path: '/admin/c/posts', then: selectTwo },
  { name: 'posts-sending', desk: true, path: '/admin/c/posts?status=published', then: sendTwo },
  { name: 'posts-row-menu', path: '/admin/c/posts', then: (page) => page.locator('tbody tr').nth(1).locator('ld-menu button').first().click() },
  { name: 'posts-columns', desk: true, path: '/admin/c/posts', then: press('Columns') },
  { name: 'posts-views', desk: true, path: '/admin/c/posts', then: press('Views') },
  { name: 'posts-bulk-done', desk: true, path: '/admin/c/posts?status=published', then: bulkDone },
  { name: 'posts-viewer', path: '/admin/c/posts', as: VIEWER },
  { name: 'pages', path: '/admin/c/p.landing-page' },
  { name: 'collection', path: '/admin/c/k.faq' },
  { name: 'media', path: '/admin/media' },
  { name: 'media-table', path: '/admin/media?view=table' },
  { name: 'media-nothing-found', path: '/admin/media?q=zzzzzz&type=image' },
  { name: 'media-none', path: '/admin/media', site: 'empty' },
  { name: 'media-viewer', path: '/admin/media', as: VIEWER },
  { name: 'media-selected', path: '/admin/media', then: selectTwo },
  { name: 'media-deleting', path: '/admin/media', then: deleteTwo },
  { name: 'media-filter', desk: true, path: '/admin/media', then: press('Added') },
  { name: 'media-uploading', path: '/admin/media', then: uploadTwo },
  { name: 'media-file', path: '/admin/media', then: openFile },
  { name: 'media-file-deleting', path: '/admin/media', then: async (page) => { await openFile(page); await page.getByRole('button', { name: /^More for/ }).click(); await page.getByRole('menuitem', { name: 'Delete' }).click(); await page.locator('dialog[open]').waitFor(); } },
  { name: 'media-file-viewer', path: '/admin/media', as: VIEWER, then: openFile },
  { name: 'media-trash', path: '/admin/media/trash' },
  { name: 'trash', path: '/admin/trash' },
  { name: 'trash-asking', path: '/admin/trash', then: (page) => page.locator('main [data-dialog-open]').first().click() },
  { name: 'trash-empty', path: '/admin/trash', site: 'empty' },
  { name: 'post-editor', path: made((it) => it.live), then: edits },
  { name: 'post-changed', path: made((it) => it.changed), then: edits },
  { name: 'post-scheduled', path: made((it) => it.planned), then: edits },
  { name: 'post-review', path: made((it) => it.asked), then: edits },
  { name: 'post-history', path: made((it) => it.changed), then: openTab('History', '[data-history] .past li') },
  { name: 'post-address-taken', path: made((it) => it.changed), then: addressTaken },
  { name: 'post-new', path: '/admin/c/posts/new' },
  { name: 'post-read-only', path: made((it) => it.live), as: VIEWER },
  { name: 'page-editor', path: TWO_LANGUAGES, then: edits },
  { name: 'page-read-only', path: TWO_LANGUAGES, as: VIEWER },
  { name: 'page-seo', path: TWO_LANGUAGES, then: openTab('SEO', '#panel-seo [data-serp]') },
  { name: 'page-api', path: TWO_LANGUAGES, then: openTab('API', '#served-json') },
  { name: 'page-link', path: '/admin/c/p.story', then: linkFound },
  { name: 'page-single', path: '/admin/c/s.visit-us/103', then: edits },
  { name: 'page-new', path: '/admin/c/p.story/new' },
  { name: 'item-editor', path: '/admin/c/k.flour/126', then: edits },
  { name: 'page-menu', path: TWO_LANGUAGES, then: async (page) => { await edits(page); await page.getByRole('button', { name: 'More publish choices' }).or(page.locator('[data-publish] button').last()).first().click(); } },
  { name: 'page-picker', path: TWO_LANGUAGES, then: async (page) => { await edits(page); await press('Add component')(page); await page.locator('dialog[open]').waitFor(); } },
  { name: 'image-tool', path: TWO_LANGUAGES, then: imageTool },
  { name: 'page-schedule', path: made((it) => it.changed), then: more(/Schedule changes/) },
  { name: 'post-unpublish-later', path: made((it) => it.live), then: more(/^Unpublish at a time/) },
  { name: 'page-unpublish', path: made((it) => it.changed), then: more(/^Unpublish…/) },
  { name: 'post-moves', path: made((it) => it.moved), then: askAboutVisitors },
  { name: 'page-conflict', path: LANDING, then: conflict },
  { name: 'history', path: made((it) => `${it.changed}/history`) },
  { name: 'compare', path: made((it) => `${it.changed}/history`), then: async (page) => { await page.getByRole('button', { name: 'Compare the chosen versions' }).click(); await page.waitForURL(/compare/); } },
  { name: 'preview', path: made((it) => `${it.changed}/side-by-side`) },
  { name: 'links', path: '/admin/c/p.landing-page/102/links' },
  { name: 'shared-preview', path: made((it) => it.shared), as: 'nobody' },
  { name: 'shared-ended', path: made((it) => it.ended), as: 'nobody' },
  { name: 'people', path: '/admin/people' },
  { name: 'people-invited', path: '/admin/people', then: inviteSomebody },
  { name: 'person', path: '/admin/people/2' },
  { name: 'account', path: '/admin/account' },
  { name: 'second-factor', path: '/admin/account/second-factor' },
  { name: 'tokens', path: '/admin/tokens' },
  { name: 'tokens-made', path: '/admin/tokens', then: makeToken },
  { name: 'token', path: '/admin/tokens/1' },
  { name: 'audit', path: '/admin/audit' },
  { name: 'audit-nothing', path: '/admin/audit?q=zzzzzz' },
  { name: 'explore', path: '/admin/explore', then: askApi },
  { name: 'search', path: '/admin', then: searchEverything },
  { name: 'settings', path: '/admin/settings' },
  { name: 'settings-wrong', path: '/admin/settings', then: settingsWrong },
  { name: 'cdn-none', path: '/admin/settings/cdn' },
  { name: 'redirects', path: '/admin/settings/redirects' },
  { name: 'redirects-none', path: '/admin/settings/redirects', site: 'empty' },
  { name: 'redirects-plan', path: '/admin/settings/redirects/import', then: planRedirects },
  { name: 'redirect', path: '/admin/settings/redirects/1' },
  { name: 'webhooks', path: '/admin/settings/webhooks' },
  { name: 'webhooks-none', path: '/admin/settings/webhooks', site: 'empty' },
  { name: 'webhooks-wrong', path: '/admin/settings/webhooks', site: 'empty', then: webhookWrong },
  { name: 'webhook', path: '/admin/settings/webhooks/1' },
  { name: 'webhook-failed', path: '/admin/settings/webhooks/2?only=dead' },
  { name: 'webhook-message', path: made((it) => it.failed) },
  { name: 'webhook-removing', path: '/admin/settings/webhooks/1', then: press('Remove webhook') },
  { name: 'model', path: '/admin/model' },
  { name: 'model-none', path: '/admin/model', site: 'empty' },
  { name: 'model-type', path: '/admin/model/p.landing-page' },
  { name: 'model-field', path: '/admin/model/p.landing-page?field=body' },
  { name: 'model-component', path: '/admin/model/components/hero', then: showForm },
  { name: 'model-wrong', path: '/admin/model/k.faq', then: typeWrong },
  { name: 'model-typing', desk: true, path: '/admin/model/k.faq', then: typeField },
  { name: 'model-plan', path: '/admin/model/k.flour', then: planRemoval },
  { name: 'model-import', path: '/admin/model/import' },
  { name: 'welcome', path: '/admin/welcome' },
  { name: 'licences', path: '/admin/about/licences' },
  { name: 'keys', path: '/admin', then: async (page) => { await page.keyboard.press('?'); await page.locator('dialog[open]').waitFor(); } },
  { name: 'not-found', path: '/admin/nowhere' },
  { name: 'no-permission', path: '/admin/settings', as: VIEWER },
  { name: 'sign-in', path: '/admin/sign-in', as: 'nobody' },
  { name: 'sign-in-wrong', path: '/admin/sign-in', as: 'nobody', site: 'empty', then: wrongPassword },
  { name: 'sign-in-too-often', path: '/admin/sign-in', as: 'nobody', site: 'empty', then: tooOften },
  { name: 'setup', path: '/admin/setup', as: 'nobody', site: 'fresh' },
  { name: 'setup-account', path: (sites) => { const { pathname, search } = new URL(sites.fresh.setup); return pathname + search; }, as: 'nobody', site: 'fresh' },
  { name: 'invite', path: made((it) => it.invite), as: 'nobody' },
  { name: 'reset', path: made((it) => it.reset), as: 'nobody' },
  { name: 'link-worthless', path: '/admin/invite/nonsense', as: 'nobody' },
];
