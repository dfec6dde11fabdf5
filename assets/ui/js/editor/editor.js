// <ld-editor>: one entry in one locale. Ties the form to the save queue, the device copy, other people and the actions.

import { toast } from '../toast.js';
import { Actions } from './actions.js';
import { Banners } from './banner.js';
import { drawChecklist } from './checklist.js';
import { Comeback } from './comeback.js';
import { Conflicts } from './conflict.js';
import { DeviceCopy, stayKnown } from './device.js';
import { announce } from './dom.js';
import { complaint, fieldOf, ldField, showProblems, updateCounter } from './field.js';
import { EntryForm } from './form.js';
import { History } from './history.js';
import { keys } from './keys.js';
import { Leaving } from './leaving.js';
import { merger } from './merge.js';
import { outline } from './outline.js';
import { Presence } from './presence.js';
import { rail } from './rail.js';
import { SaveLine } from './saveline.js';
import { SaveQueue } from './queue.js';
import { Session } from './signin.js';
import { slugCheck } from './slug.js';
import { statusBar } from './status-bar.js';
import { Tabs } from './tabs.js';
import { ask, door, sentenceOf } from './transport.js';
import { inWords } from './when.js';

const NEARBY = { idle: 1500, most: 5000 };
const NO_COPY = { idle: 400, most: 1500 };

export class LdEditor extends HTMLElement {
  #ready = false;
  #ending = new AbortController();
  #before = new WeakMap();
  #told = new WeakMap();
  #applying = false;
  #createdHere = false;
  #checking = 0;
  #frozen = false;

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
    this.history = new History((ops) => this.#run(ops));
    this.conflicts = new Conflicts({ queue: this.queue, form: this.form, banners: this.banners });
    this.merge = merger({ form: this.form, queue: this.queue, quietly: (act) => this.quietly(act) });
    this.leaving = new Leaving({ editor: this, queue: this.queue, device: this.device });
    this.actions = new Actions({ editor: this, queue: this.queue, form: this.form, scope: this.scope, zone: this.zone });
    this.session = new Session({ id: user, name: userName });
    this.presence = new Presence({ form: this.form, place: this.scope.querySelector('[data-presence]'), client: this.client, address: () => this.address, user });
    this.comeback = new Comeback({ editor: this, form: this.form, queue: this.queue, banners: this.banners });

    this.#listenToForm();
    this.#listenToQueue();
    this.#listenToOthers();
    keys({ editor: this, queue: this.queue, actions: this.actions, history: this.history, scope: this.scope });
    const place = this.scope.querySelector('[data-outline]');
    if (place) outline(place, this.form);
    rail(this);
    slugCheck(this);
    statusBar(this);
    this.#furnishFields();
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

  /** Runs `act`, whose changes to the form are no person's doing. */
  quietly(act) {
    const was = this.#applying;
    this.#applying = true;
    try {
      return act();
    } finally {
      this.#applying = was;
    }
  }

  // The form ---------------------------------------------------------------------------------------------------------

  #listenToForm() {
    const { root } = this;
    root.addEventListener('input', (event) => this.#changed(event.target));
    root.addEventListener('change', (event) => this.#changed(event.target));
    root.addEventListener('focusin', (event) => this.#entered(event.target));
    root.addEventListener('pointerdown', (event) => this.#remember(event.target), true);
    root.addEventListener('focusout', (event) => this.#left(event.target));
    root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save();
    });
    root.addEventListener('ld-perform', (event) => this.#perform(event.detail));
    root.addEventListener('ld-set', (event) => {
      this.#told.delete(fieldOf(event.target));
      this.#furnishControl(event.target);
    });
  }

  #changed(control) {
    if (this.#applying) return;
    const el = fieldOf(control);
    if (!el || el.querySelector('ld-blocks')) return;
    const field = ldField(el);
    const value = field.get();
    // Leaving a text fires `change` for what `input` told already.
    const told = JSON.stringify(value);
    if (this.#told.get(el) === told) return;
    this.#told.set(el, told);
    this.#slug(field, value);
    this.queue.change({ op: 'set', path: field.path, value });
    this.merge.contested(field.path);
    if (!field.isText) this.#step(field, value);
    updateCounter(control);
    if (control.getAttribute('aria-invalid') === 'true') this.#judge(el, control);
    this.#words(control);
  }

  /** A choice can be taken back; typing has a history of its own. */
  #step(field, value) {
    const before = this.#before.get(field.el);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(value)) {
      this.history.push(`Change ${field.label}`, [{ op: 'set', path: field.path, value: before }]);
    }
    this.#before.set(field.el, value);
  }

  /** The address follows the title until someone writes one. */
  #slug(field, value) {
    if (field.path !== '@slug') return;
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
    if (field && this.form.focused !== '@slug' && !this.queue.touches('@slug')) this.quietly(() => field.set(slug));
    for (const place of this.scope.querySelectorAll('[data-slug]')) place.textContent = slug;
  }

  #remember(target) {
    const el = target.closest?.('.f[data-path]');
    if (el && !el.querySelector('ld-blocks, .f[data-path]') && !this.#before.has(el)) this.#before.set(el, ldField(el).get());
  }

  #entered(control) {
    this.#remember(control);
    const el = fieldOf(control);
    if (el) this.presence.at(el.dataset.path);
  }

  #left(control) {
    const el = fieldOf(control);
    if (!el) return;
    this.queue.hurry();
    if (control.name && !control.closest('ld-ref, ld-terms')) this.#judge(el, control);
    queueMicrotask(() => {
      this.merge.catchUp();
      if (!this.form.focused) this.presence.at(null);
    });
  }

  /** Says what is wrong with a field: what the browser sees, what the server refused, what would stop publishing. */
  #judge(el, control) {
    const { path } = el.dataset;
    const refused = this.queue.refused.get(path)?.sentence;
    const own = complaint(control);
    showProblems(el, [refused, own ?? this.problems?.[path]?.join(' ')].filter(Boolean));
    el.dataset.judged = '';
    this.root.dispatchEvent(new CustomEvent('ld-problems'));
  }

  #furnishFields() {
    for (const control of this.root.querySelectorAll('input[data-max], textarea[data-max], input[type=date], input[type=datetime-local]')) this.#furnishControl(control);
  }

  #furnishControl(control) {
    if (control.dataset.max) updateCounter(control);
    this.#words(control);
  }

  /** Dates in words, with their zone. */
  #words(control) {
    if (control.type !== 'date' && control.type !== 'datetime-local') return;
    const el = fieldOf(control);
    if (!el) return;
    let note = el.querySelector('[data-words]');
    if (!note) {
      note = Object.assign(document.createElement('p'), { className: 'hint' });
      note.dataset.words = '';
      el.append(note);
    }
    note.textContent = control.value ? inWords(control.value, this.zone) : '';
    note.hidden = !control.value;
  }

  // Operations -------------------------------------------------------------------------------------------------------

  #perform({ ops, label, then }) {
    const step = this.history.push(label, this.#run(ops));
    if (then === 'removed') {
      toast({ kind: 'info', title: `${label.replace(/^Remove /, '')} removed`, seconds: 10, actions: [{ label: 'Undo', run: () => announce(this.history.undo(step) ? `Undone: ${label}` : 'It is back already') }] });
    }
    this.queue.hurry();
  }

  #run(ops) {
    let back = [];
    this.quietly(() => {
      for (const op of ops) {
        back = [...this.form.inverse(op), ...back];
        this.form.apply(op);
        this.queue.change(op);
        if (op.op === 'set') this.#before.set(this.form.field(op.path)?.el ?? this, op.value);
      }
    });
    return back;
  }

  // The queue and the device -----------------------------------------------------------------------------------------

  #listenToQueue() {
    const { queue } = this;
    queue.addEventListener('unsent', () => this.device.touch());
    queue.addEventListener('answer', ({ detail }) => this.#answered(detail));
    queue.addEventListener('theirs', ({ detail }) => this.merge.take(detail));
    queue.addEventListener('refused', ({ detail }) => this.#refused(detail));
    queue.addEventListener('created', ({ detail }) => this.#created(detail));
    queue.addEventListener('halt', ({ detail }) => this.#halted(detail));
    queue.addEventListener('state', () => this.#connection());
  }

  #answered(answer) {
    // The server has it: what is kept here must not come back as unsent.
    if (!this.queue.unsaved) this.device.write();
    if (answer.status) this.actions.accept(answer);
    if (answer.slug !== undefined) this.showSlug(answer.slug);
    if (answer.title) document.title = document.title.replace(/^[^·]*/, `${answer.title} `);
    this.problems = answer.problems ?? {};
    for (const [path, parts] of Object.entries(answer.cleaned ?? {})) {
      toast({ kind: 'warn', title: `Not stored in “${this.form.name(path)}”`, detail: `${parts.join(', ')}: this could harm people who read the site.` });
    }
    for (const el of this.root.querySelectorAll('.f[data-judged]')) {
      const control = el.querySelector('input:not([type=hidden]), textarea, select');
      if (control && el.dataset.path !== this.form.focused) this.#judge(el, control);
    }
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

  // Halts ------------------------------------------------------------------------------------------------------------

  #halted({ why, by, at }) {
    if (why === 'signin') this.signIn();
    else if (why === 'deleted') this.deleted({ by, at });
    else if (why === 'forbidden') {
      this.banners.show('forbidden', {
        look: 'e', icon: 'lock', urgent: true, title: 'This cannot be saved', text: `${this.queue.reason} What you wrote is kept on this device.`,
        buttons: [{ text: 'Try again', act: () => { this.banners.hide('forbidden'); this.queue.resume(); } }, this.#copyAll()],
      });
    }
  }

  /** Opens the sign-in dialog; the text stays. */
  signIn() {
    if (!this.queue.halted) this.queue.halt('signin', 'Please sign in again');
    this.banners.show('signin', {
      look: 'e', icon: 'user', title: 'Please sign in again', text: 'Your text is safe on this page. Sign in here and go on where you were.',
      buttons: [{ text: 'Sign in', act: () => this.session.ask() }],
    });
    this.session.ask();
  }

  /** The entry is gone: the text stays. `here` when it was deleted in this tab. */
  deleted({ by, at, here = false } = {}) {
    if (!this.queue.halted) this.queue.halt('deleted', 'this was deleted');
    this.banners.show('deleted', {
      look: 'e', icon: 'trash-2', urgent: !here,
      title: here ? 'Deleted' : `${by || 'Someone'} deleted this${at ? ` ${new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}` : ' meanwhile'}`,
      text: here ? 'It is in the trash for 30 days.' : 'Your text is still here and on this device.',
      buttons: [{ text: here ? 'Restore it' : 'Restore entry with my text', act: () => this.#undelete() }, this.#copyAll()],
    });
  }

  async #undelete() {
    try {
      const { status, body } = await ask('POST', `${this.address}/undelete`, { body: { client: this.client, locale: this.queue.locale } });
      if (status !== 200) {
        toast({ kind: 'error', title: 'Not restored', detail: sentenceOf(body) ?? `The server answered ${status}.` });
        return;
      }
      this.banners.hide('deleted');
      // The base stays: what happened to the entry before it was deleted is still compared with.
      this.actions.accept(body);
      if (this.queue.rev === undefined) this.queue.accept(body);
      await this.queue.resume();
      toast({ title: 'Restored', detail: 'The entry is back, with your text.' });
    } catch {
      toast({ kind: 'error', title: 'Not restored', detail: 'The server does not answer. Your text is kept; try again in a moment.' });
    }
  }

  #copyAll() {
    return { text: 'Copy everything', copy: () => this.form.text() };
  }

  // Other people, other tabs, the session ----------------------------------------------------------------------------

  #listenToOthers() {
    const { presence, session, banners } = this;
    const on = { signal: this.signal };
    presence.addEventListener('saved', ({ detail }) => { if (detail.rev !== this.queue.rev) this.refresh(); });
    presence.addEventListener('event', ({ detail }) => this.#happened(detail));
    presence.addEventListener('aftermath', ({ detail }) => toast({ kind: 'info', title: detail.text }));
    session.addEventListener('back', () => {
      banners.hide('signin');
      banners.hide('other');
      if (this.queue.halted === 'signin' || this.queue.halted === 'other') this.queue.resume().then(() => this.actions.goOn());
    });
    session.addEventListener('other', ({ detail }) => this.#other(detail));
    session.addEventListener('ending', () => banners.show('ending', {
      look: 'w', icon: 'clock', urgent: true, title: 'You will be signed out in 2 minutes', text: 'Sign in again to go on without a break. Nothing you wrote is lost.',
      buttons: [{ text: 'Sign in again', act: () => session.ask() }],
    }));
    session.addEventListener('back', () => banners.hide('ending'));
    session.addEventListener('extended', () => banners.hide('ending'));
    document.addEventListener('ld:signin', (event) => {
      event.preventDefault();
      this.signIn();
    }, on);
    door.addEventListener('version', () => banners.show('version', {
      look: 'n', icon: 'refresh-cw', title: 'A new version is here', text: 'This tab keeps working.',
      buttons: [{ text: 'Reload to update', act: () => this.#reload() }],
    }), on);
  }

  async #reload() {
    if (await this.save()) location.reload();
    else toast({ kind: 'warn', title: 'Not everything is saved yet', detail: 'Reload when the save line says Saved.' });
  }

  #other(who) {
    this.banners.hide('signin');
    this.queue.halt('other', `this text belongs to ${this.dataset.userName}`);
    this.banners.show('other', {
      look: 'e', icon: 'user', urgent: true, title: `This text belongs to ${this.dataset.userName}`,
      text: `${who.name} is signed in now, so nothing is sent. Sign in as ${this.dataset.userName}, or copy it.`,
      buttons: [{ text: 'Sign in', act: () => this.session.ask() }, this.#copyAll()],
    });
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
    if (name === 'undeleted' && this.queue.halted === 'deleted') {
      this.banners.hide('deleted');
      this.queue.resume();
    }
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

  async #oneTab() {
    if (this.tabs || this.closest('dialog')) return;
    const { user, type, locale } = this.dataset;
    this.tabs = new Tabs(`${user}/${type}/${this.entry}/${locale ?? ''}`, async () => {
      await this.queue.flush();
      this.device.write();
    });
    this.tabs.addEventListener('elsewhere', () => {
      this.#freeze(true);
      this.banners.show('tabs', {
        look: 'n', icon: 'monitor', urgent: true, title: 'Open in another tab', text: 'What you wrote here stays. To write in this tab, take it over.',
        buttons: [{ text: 'Edit here', act: () => this.tabs.take() }],
      });
    });
    this.tabs.addEventListener('here', async () => {
      const was = this.#frozen;
      this.#freeze(false);
      this.banners.hide('tabs');
      if (was) await this.refresh();
    });
    await this.tabs.start();
  }

  /** Stops writing, except for the banners, which may be inside the form. */
  #freeze(on) {
    this.#frozen = on;
    let here = this.banners.place;
    if (!this.root.contains(here)) here = this.root.lastElementChild;
    for (; here !== this.root; here = here.parentElement) {
      for (const beside of here.parentElement.children) if (beside !== here || !here.contains(this.banners.place)) beside.inert = on;
    }
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
