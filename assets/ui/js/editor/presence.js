// Who else is here, and what they saved. A hint, never a lock.

import { h, idOf } from './dom.js';
import { ask } from './transport.js';

const POLL = 10_000;
const BEAT = 20_000;

/** Fires `saved`, `event` (published, deleted …) and `purge` with what the server tells; draws avatars and edges. */
export class Presence extends EventTarget {
  #source = null;
  #timer = 0;
  #field = null;
  #people = [];
  #rev = null;
  #failures = 0;

  constructor({ form, place, client, address, user }) {
    super();
    Object.assign(this, { form, place, client, address, user });
    this.#timer = setInterval(() => this.beat(), BEAT);
    this.#listen();
  }

  stop() {
    this.#source?.close();
    clearInterval(this.#timer);
  }

  /** Says where the person is writing; nothing is said while the entry has no address. */
  at(field) {
    if (field === this.#field) return;
    this.#field = field;
    this.beat();
  }

  /** Tells the server, and learns from its answer while events do not come. */
  async beat() {
    const address = this.address();
    if (!address || document.hidden) return;
    try {
      const { status, body } = await ask('POST', `${address}/presence`, { body: { client: this.client, field: this.#field }, patience: 8000 });
      if (status === 200 && body) this.#heard(body);
    } catch {
      // The next one will tell.
    }
  }

  /** Says goodbye while the page goes away. */
  leave() {
    const address = this.address();
    if (address) ask('POST', `${address}/presence`, { body: { client: this.client, gone: true }, keepalive: true }).catch(() => {});
    this.stop();
  }

  /** Starts listening, or starts again when the entry got its address. */
  #listen() {
    const address = this.address();
    if (!address) return;
    this.#source?.close();
    const source = new EventSource(`${address}/live-events?client=${this.client}`);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#every(BEAT);
      this.beat();
    };
    source.onerror = () => {
      this.#failures += 1;
      this.#every(POLL);
      // The browser gives up for good after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED && this.#source === source) setTimeout(() => { if (this.#source === source) this.#listen(); }, POLL);
    };
    source.addEventListener('people', ({ data }) => this.#show(JSON.parse(data)));
    source.addEventListener('saved', ({ data }) => this.#tell('saved', JSON.parse(data)));
    for (const name of ['published', 'unpublished', 'scheduled', 'restored', 'discarded', 'deleted', 'undeleted']) {
      source.addEventListener(name, ({ data }) => this.#tell('event', { name, ...JSON.parse(data) }));
    }
    for (const name of ['purge', 'replicas', 'deploy']) {
      source.addEventListener(name, ({ data }) => this.dispatchEvent(new CustomEvent('aftermath', { detail: JSON.parse(data) })));
    }
  }

  restart() {
    this.#listen();
  }

  #every(pause) {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.beat(), pause);
  }

  #tell(name, detail) {
    if (detail.client !== this.client) this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #heard({ people, rev, by }) {
    if (people) this.#show(people);
    // Without events, a new rev is the only sign of somebody else's work.
    if (rev !== undefined && this.#failures > 0 && rev !== this.#rev) this.dispatchEvent(new CustomEvent('saved', { detail: { rev, by } }));
    if (rev !== undefined) this.#rev = rev;
  }

  #show(people) {
    this.#people = people.filter(({ client }) => client !== this.client);
    const seen = new Map(this.#people.filter(({ user }) => String(user) !== String(this.user)).map((person) => [String(person.user), person]));
    this.place?.replaceChildren(...[...seen.values()].map(({ user, name }) => h('span', { class: `av ${tint(user)}`, title: `${name} is here`, role: 'img', 'aria-label': `${name} is here` }, initials(name))));
    for (const mark of document.querySelectorAll('.ed-there')) mark.remove();
    for (const el of this.form.root.querySelectorAll('.ed-other')) el.classList.remove('ed-other', 'a', 'b', 'c', 'd');
    for (const { user, name, field } of seen.values()) this.#mark(user, name, field);
  }

  #mark(user, name, path) {
    const el = path && this.form.root.querySelector(`.f[data-path="${CSS.escape(path)}"]`);
    if (!el) return;
    el.classList.add('ed-other', tint(user));
    const note = h('span', { class: `ed-there ${tint(user)}` }, `${name} is writing here`);
    idOf(note);
    el.append(note);
  }
}

function tint(user) {
  return 'abcd'[[...String(user)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4];
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? [words[0], words.at(-1)] : words).map((word) => [...word][0] ?? '').join('').toUpperCase();
}
