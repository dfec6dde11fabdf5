// <ld-editor>: one entry in one locale. Ties the form to the save queue, the device copy, other people and the actions.

import { toast } from '../toast.js';
import { Actions } from './actions.js';
import { Banners } from './banner.js';
import { Changes } from './changes.js';
import { drawChecklist } from './checklist.js';
import { Comeback } from './comeback.js';
import { Conflicts } from './conflict.js';
import { DeviceCopy, stayKnown } from './device.js';
import { showProblems } from './field.js';
import { EntryForm } from './form.js';
import { Halts } from './halts.js';
import { History } from './history.js';
import { keys } from './keys.js';
import { Leaving } from './leaving.js';
import { merger } from './merge.js';
import { oneTab } from './one-tab.js';
import { outline } from './outline.js';
import { Presence } from './presence.js';
import { rail } from './rail.js';
import { SaveLine } from './saveline.js';
import { SaveQueue } from './queue.js';
import { Session } from './signin.js';
import { slugCheck } from './slug.js';
import { statusBar } from './status-bar.js';
import { ask, door } from './transport.js';

const NEARBY = { idle: 1500, most: 5000 };
const NO_COPY = { idle: 400, most: 1500 };

export class LdEditor extends HTMLElement {
  #ready = false;
  #ending = new AbortController();
  #createdHere = false;
  #checking = 0;

  /** Ends what listens on behalf of this editor. */
  get signal() {
    return this.#ending.signal;
  }

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    const { entry, type, locale, rev, user, userName, save, zone } = this.dataset;
    this.entry = entry;
    this.zone = zone || document.documentElement.dataset.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.root = this.querySelector('form');
    this.scope = this.closest('dialog, main') ?? this;
    this.form = new EntryForm(this.root);
    this.client = randomName();
    this.createAt = save;
    this.address = entry === 'new' ? null : this.dataset.base;
    this.follows = this.dataset.followSlug === '1';

    this.queue = new SaveQueue({
      client: this.client, locale: locale ?? '', rev: entry === 'new' ? undefined : number(rev), create: entry === 'new',
      send: (create, body) => ask(create ? 'POST' : 'PATCH', create ? this.createAt : `${this.address}/draft`, { body }),
      gather: () => this.form.gather(), followsSlug: () => this.follows, pace: { ...NEARBY },
    });
    this.banners = new Banners(this.scope.querySelector('[data-banners]') ?? this.root.insertAdjacentElement('beforebegin', document.createElement('div')));
    const line = this.scope.querySelector('[data-saveline]');
    this.line = line && new SaveLine(line, this.queue);
    this.device = new DeviceCopy(`${user}|${this.client}`, () => this.#record(), (why) => this.#noCopy(why));
    this.history = new History((ops) => this.changes.run(ops));
    this.conflicts = new Conflicts({ queue: this.queue, form: this.form, banners: this.banners });
    this.merge = merger({ form: this.form, queue: this.queue, quietly: (act) => this.changes.quietly(act) });
    this.leaving = new Leaving({ editor: this, queue: this.queue, device: this.device });
    this.actions = new Actions({ editor: this, queue: this.queue, form: this.form, scope: this.scope, zone: this.zone });
    this.session = new Session({ id: user, name: userName });
    this.presence = new Presence({ form: this.form, place: this.scope.querySelector('[data-presence]'), client: this.client, address: () => this.address, user });
    this.comeback = new Comeback({ editor: this, form: this.form, queue: this.queue, banners: this.banners });
    this.halts = new Halts({ editor: this, queue: this.queue, banners: this.banners, session: this.session });
    this.changes = new Changes({
      root: this.root, form: this.form, queue: this.queue, history: this.history, presence: this.presence, zone: this.zone,
      onslug: (value) => this.#slug(value),
      onmerge: (path) => (path === null ? this.merge.catchUp() : this.merge.contested(path)),
    });

    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save();
    });
    this.#listenToQueue();
    this.#listenToOthers();
    keys({ editor: this, queue: this.queue, actions: this.actions, history: this.history, scope: this.scope });
    const place = this.scope.querySelector('[data-outline]');
    if (place) outline(place, this.form);
    rail(this);
    slugCheck(this);
    statusBar(this);
    this.changes.catchUp();
    this.#start({ user, type, entry, locale: locale ?? '' });
  }

  disconnectedCallback() {
    // Moving the element in the page is no leaving.
    queueMicrotask(() => { if (!this.isConnected) this.#stop(); });
  }

  async #start(about) {
    await this.device.ready();
    stayKnown(`${about.user}|${this.client}`);
    this.comeback.look({ ...about, client: this.client, signal: this.signal });
    if (this.address) this.#oneTab();
    this.recheck();
    if (location.hash.length > 1 && !this.closest('dialog')) this.form.jump(decodeURIComponent(location.hash.slice(1)));
    this.dataset.ready = '';
  }

  #stop() {
    this.#ending.abort();
    this.line?.stop();
    this.session.stop();
    this.presence.leave();
    this.tabs?.stop();
    this.device.write();
  }

  /** What the person calls the entry. */
  get name() {
    return this.form.field('@title')?.get() || 'Untitled';
  }

  /** Sends everything. Resolves with whether the server has it. */
  save() {
    return this.queue.flush('saved');
  }

  focusForm() {
    this.root.querySelector('.f input:not([type=hidden]), .f textarea, .f select')?.focus();
  }

  /** The address follows the title until someone writes one. */
  #slug(value) {
    this.follows = value === '' && this.actions.state.status === 'draft';
    this.showFollowing(this.actions.state.status);
  }

  /** Says whether the address comes from the title: only before anything is live. */
  showFollowing(status) {
    for (const note of this.scope.querySelectorAll('[data-follows]')) note.hidden = !this.follows || status === 'published' || status === 'changed';
  }

  /** Shows the address the server gave, unless someone is writing one. */
  showSlug(slug) {
    const field = this.form.field('@slug');
    if (field && this.form.focused !== '@slug' && !this.queue.touches('@slug')) this.changes.quietly(() => field.set(slug));
    for (const place of this.scope.querySelectorAll('[data-slug]')) place.textContent = slug;
  }

  // The queue and the device -----------------------------------------------------------------------------------------

  #listenToQueue() {
    const { queue } = this;
    queue.addEventListener('unsent', () => this.device.touch());
    queue.addEventListener('answer', ({ detail }) => this.#answered(detail));
    queue.addEventListener('theirs', ({ detail }) => this.merge.take(detail));
    queue.addEventListener('refused', ({ detail }) => this.#refused(detail));
    queue.addEventListener('created', ({ detail }) => this.#created(detail));
    queue.addEventListener('state', () => this.#connection());
  }

  #answered(answer) {
    // The server has it: what is kept here must not come back as unsent.
    if (!this.queue.unsaved) this.device.write();
    if (answer.status) this.actions.accept(answer);
    if (answer.slug !== undefined) this.showSlug(answer.slug);
    if (answer.title) document.title = document.title.replace(/^[^·]*/, `${answer.title} `);
    this.changes.problems = answer.problems ?? {};
    for (const [path, parts] of Object.entries(answer.cleaned ?? {})) {
      toast({ kind: 'warn', title: `Not stored in “${this.form.name(path)}”`, detail: `${parts.join(', ')}: this could harm people who read the site.` });
    }
    this.changes.judgeAgain();
    this.recheck();
  }

  #refused(sentences) {
    for (const [path, sentence] of Object.entries(sentences)) {
      const field = this.form.field(path);
      if (field) showProblems(field.el, [sentence], { aloud: true });
    }
  }

  /** The entry has an address now. */
  #created({ id }) {
    this.entry = String(id);
    this.#createdHere = true;
    this.address = `${this.createAt.replace(/\/draft$/, '')}/${id}`;
    Object.assign(this.dataset, { entry: this.entry, base: this.address });
    if (!this.closest('dialog')) history.replaceState(history.state, '', this.address + location.search + location.hash);
    this.device.write();
    this.presence.restart();
    this.#oneTab();
  }

  #record() {
    if (!this.queue.unsaved) return null;
    const { rev, inflight, ops } = this.queue.snapshot();
    const { user, userName, type, locale } = this.dataset;
    return {
      user, userName, type, entry: this.entry, locale: locale ?? '', address: this.address ?? this.createAt.replace(/draft$/, 'new'),
      title: this.name, at: Date.now(), rev, inflight, ops, held: this.conflicts.held(),
    };
  }

  #noCopy(why) {
    this.queue.pace = { ...NO_COPY };
    this.line?.sayBlocked(why);
  }

  #connection() {
    const lost = this.queue.failing && !this.queue.halted;
    if (!lost) this.banners.hide('offline');
    else if (!this.banners.has('offline')) {
      this.banners.show('offline', {
        look: 'w', icon: 'cloud-off', urgent: true,
        title: navigator.onLine ? 'The server does not answer' : 'You are offline',
        text: this.device.blocked ? 'Keep this tab open: this browser keeps no copy. Changes are sent when the server is back.' : 'Keep writing. Changes stay on this device and are sent when you are back.',
      });
    }
  }

  /** Opens the sign-in dialog; the text stays. */
  signIn() {
    this.halts.signIn();
  }

  /** The entry is gone: the text stays. `here` when it was deleted in this tab. */
  deleted(how) {
    this.halts.deleted(how);
  }

  // Other people, other tabs, the session ----------------------------------------------------------------------------

  #listenToOthers() {
    const { presence, banners } = this;
    presence.addEventListener('saved', ({ detail }) => { if (detail.rev !== this.queue.rev) this.refresh(); });
    presence.addEventListener('event', ({ detail }) => this.#happened(detail));
    presence.addEventListener('aftermath', ({ detail }) => toast({ kind: detail.kind ?? 'info', title: detail.text, detail: detail.detail ?? '', actions: detail.href ? [{ label: 'Details', href: detail.href }] : [] }));
    door.addEventListener('version', () => banners.show('version', {
      look: 'n', icon: 'refresh-cw', title: 'A new version is here', text: 'This tab keeps working.',
      buttons: [{ text: 'Reload to update', act: () => this.#reload() }],
    }), { signal: this.signal });
  }

  async #reload() {
    if (await this.save()) location.reload();
    else toast({ kind: 'warn', title: 'Not everything is saved yet', detail: 'Reload when the save line says Saved.' });
  }

  async #happened({ name, by, at, rev, status }) {
    if (name === 'deleted') {
      this.deleted({ by, at });
      return;
    }
    if (rev !== this.queue.rev || status) await this.refresh();
    const words = { published: 'published this', unpublished: 'unpublished this', scheduled: 'scheduled this', restored: 'restored an earlier version', discarded: 'discarded the changes', undeleted: 'restored this from the trash' }[name];
    const time = at ? new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : 'just now';
    this.banners.show('event', {
      look: 'n', icon: 'users', title: `${by || 'Someone'} ${words} (${time})`, text: 'The form shows what is saved now. Your unsent text is untouched.',
      buttons: [{ text: 'All right', act: () => this.banners.hide('event') }],
    });
    if (name === 'undeleted') this.halts.undeleted();
  }

  /** Fetches what is saved and shows what others changed. Resolves with whether the server answered. */
  async refresh({ everything = false } = {}) {
    if (!this.address) return false;
    try {
      const answer = await this.queue.exclusive(async () => {
        this.form.gather();
        const before = this.merge.snapshot();
        const locale = this.queue.locale ? `?locale=${encodeURIComponent(this.queue.locale)}` : '';
        const { status, body } = await ask('GET', `${this.address}/draft${locale}`, { patience: 10_000 });
        if (status === 401) this.signIn();
        if (status === 404 || status === 410) this.deleted(body ?? {});
        if (status !== 200) return null;
        this.merge.show(body, before, { everything });
        this.queue.accept(body);
        return body;
      });
      if (!answer) return false;
      this.actions.accept(answer);
      if (answer.slug !== undefined) this.showSlug(answer.slug);
      return true;
    } catch {
      return false;
    }
  }

  #oneTab() {
    if (this.tabs || this.closest('dialog')) return;
    const { user, type, locale } = this.dataset;
    this.tabs = oneTab({
      name: `${user}/${type}/${this.entry}/${locale ?? ''}`, root: this.root, banners: this.banners,
      handOver: async () => {
        await this.queue.flush();
        this.device.write();
      },
      back: () => this.refresh(),
    });
  }

  // Checks, and going away -------------------------------------------------------------------------------------------

  /** Draws the checklist anew. */
  async recheck() {
    const place = this.scope.querySelector('[data-checklist]');
    if (!place || !this.address) return;
    this.#checking += 1;
    const turn = this.#checking;
    try {
      const { status, body } = await ask('GET', `${this.address}/check${this.queue.locale ? `?locale=${encodeURIComponent(this.queue.locale)}` : ''}`, { patience: 8000 });
      if (status === 200 && turn === this.#checking) drawChecklist(place, body.lines, (path) => this.form.jump(path));
    } catch {
      // The list stays as it was; the save line tells of the connection.
    }
  }

  /** The page goes away. */
  goodbye() {
    this.presence.leave();
    if (!this.#createdHere || this.queue.unsaved || !this.#empty()) return;
    ask('POST', `${this.address}/leave`, { body: { client: this.client }, keepalive: true }).catch(() => {});
  }

  #empty() {
    const lists = [...this.root.querySelectorAll('ld-blocks')].some((list) => list.querySelector(':scope > ol > .cmp'));
    return !lists && this.form.fields().every(({ path, isText, get }) => path === '@slug' || !isText || !get().trim());
  }
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte % 36).toString(36)).join('');
}

/** A rev as the server spells it: it is compared, never counted with. */
function number(rev) {
  return /^\d+$/.test(rev ?? '') ? Number(rev) : rev;
}
