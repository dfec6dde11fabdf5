// The sites the screens are looked at on: a bakery's in the middle of a working day, one without content, one nobody owns.

import { Larder, newPage, signIn } from '../larder.js';
import { ASKS_US, receiver } from '../receiver.js';

/** Who looks, when it is not the owner. */
export const WRITER = 'wim@example.com';
export const VIEWER = 'vera@example.com';
export const OWNER = 'olga@example.com';

/** Starts the three sites: `{site, empty, fresh}`. `site.made` holds what its screens need. */
export async function makeSites(browser) {
  const people = { [OWNER]: 'owner', 'maja@example.com': 'editor', [WRITER]: 'writer', [VIEWER]: 'viewer' };
  const [site, empty, fresh] = await Promise.all([
    Larder.start({ people, env: ASKS_US }), Larder.start({ starter: false }), Larder.start({ starter: false, people: {} }),
  ]);
  const sites = { site, empty, fresh };
  try {
    site.readToken();
    site.made = await work(browser, site);
  } catch (error) {
    for (const one of Object.values(sites)) await one.end();
    throw error;
  }
  return sites;
}

/** A person's session, by which things are done without looking. */
class Hand {
  static async of(browser, larder, email) {
    const hand = new Hand();
    hand.page = await newPage(browser, larder);
    await signIn(hand.page, email);
    return hand;
  }

  /** What the server answers to a change: JSON, or a page's text. */
  async send(path, data, method = 'POST') {
    this.csrf ??= await this.page.locator('meta[name=csrf]').getAttribute('content');
    const headers = { 'X-CSRF-Token': this.csrf, Accept: 'application/json', Origin: new URL(this.page.url()).origin };
    const answer = await this.page.request.fetch(path, { method, headers, data });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  }

  /** A new draft; returns its number. */
  async draft(type, values) {
    this.count = (this.count ?? 0) + 1;
    const ops = Object.entries(values).map(([path, value]) => ({ op: 'set', path, value }));
    const { id } = await this.send(`/admin/c/${type}/draft`, { client: 'preparing1', seq: this.count, locale: 'en', why: 'saved', ops });
    return id;
  }

  /** Changes the draft of an entry; returns the answer. */
  async change(at, ops) {
    const { rev } = await this.rev(at);
    this.count = (this.count ?? 0) + 1;
    return this.send(`${at}/draft`, { base: rev, client: 'preparing1', seq: this.count, locale: 'en', why: 'saved', ops }, 'PATCH');
  }

  async rev(at) {
    const answer = await this.page.request.get(`${at}/draft?locale=en`, { headers: { Accept: 'application/json' } });
    return answer.json();
  }
}

/** A day's work, so that every state has something to show. */
async function work(browser, larder) {
  const owner = await Hand.of(browser, larder, OWNER);
  const maja = await Hand.of(browser, larder, 'maja@example.com');
  const writer = await Hand.of(browser, larder, WRITER);
  await owner.page.goto('/admin/c/posts');
  const posts = await owner.page.locator('tbody a.ttl').evaluateAll((links) => links.map((link) => link.getAttribute('href').split('?')[0]));
  const [planned, , deleted, changed, taken, moved, other] = posts;
  const set = (path, value) => [{ op: 'set', path, value }];
  const hooks = await webhooks(larder);
  await owner.send(`${deleted}/delete`, { anyway: true });
  await maja.change(changed, [...set('@title', 'Rye, and how to come to like it'), ...set('summary', 'Three loaves for people who think they do not.')]);
  await owner.change(changed, set('seo_title', 'Rye bread for beginners'));
  await maja.change(planned, set('@title', 'A stollen well worth the wait'));
  await owner.send(`${planned}/schedule`, { at: new Date(Date.now() + 3 * 24 * 3600_000).toISOString() });
  await maja.send(`${taken}/unpublish`, {});
  await maja.draft('posts', { '@title': 'Ten loaves for ten guests', summary: 'What to bake the day before, and what on the morning.' });
  await maja.change(moved, set('@slug', 'a-better-address'));
  const asked = await writer.draft('posts', { '@title': 'A visit to the beekeeper', body: '<p>He wears no gloves.</p>' });
  await writer.send(`/admin/c/posts/${asked}/review`, {});
  await owner.draft('posts', {});
  const share = async () => (await owner.send(`${changed}/share`, { name: 'For the print shop', days: 14 }));
  const [shared, ended] = [await share(), await share()];
  await owner.send(`${changed}/share/${ended.id}/withdraw`, {});
  for (const redirect of [['/brot', '/bread'], ['/winter-market', '--status', '410'], ['/jobs', 'https://jobs.example.com/mill', '--status', '302'], ['/2019/how-we-learned-to-keep-a-starter-alive', '/blog/keeping-a-starter']]) {
    larder.run(['redirect', 'add', '--data', larder.site, ...redirect]);
  }
  await hooks.settled();
  const link = (text) => /http:\S+/.exec(text)[0];
  const own = (text) => new URL(link(text)).pathname;
  const made = {
    changed, moved, planned, taken, live: other, asked: `/admin/c/posts/${asked}`, owner,
    failed: `/admin/settings/webhooks/2/log/${hooks.failed()}`,
    shared: new URL(shared.url).pathname, ended: new URL(ended.url).pathname,
    invite: own(larder.run(['user', 'invite', '--data', larder.site, '--email', 'ada@example.com', '--role', 'editor'])),
    reset: own(larder.run(['user', 'reset', '--data', larder.site, '--email', VIEWER])),
  };
  await maja.page.context().close();
  await writer.page.context().close();
  return made;
}

/** Two programs that are told of the day's work: one takes it, one is out of order. */
async function webhooks(larder) {
  const [takes, fails] = await Promise.all([receiver(204), receiver(500, '{"error": "index is being rebuilt"}')]);
  const add = (name, address, ...more) => {
    larder.run(['webhook', 'add', address, '--name', name, ...more, '--data', larder.site]);
  };
  add('Website', takes.address, '--header', 'Authorization: Bearer k7');
  add('Search index', fails.address, '--event', 'post.all', '--plain');
  const log = (id) => JSON.parse(larder.run(['webhook', 'log', id, '--json', '--data', larder.site]));
  await larder.runBeside(['webhook', 'test', '1', '--data', larder.site]);
  return {
    failed: () => log('2').find(({ state }) => state === 'dead').number,
    async settled() {
      // After a few failures the second is left alone for long: what waits for it goes on waiting.
      while (log('1').some(({ done }) => !done) || !log('2').some(({ state }) => state === 'dead')) await new Promise((go) => { setTimeout(go, 100); });
      takes.end();
      fails.end();
    },
  };
}
