// Two people wrote the same field: both texts side by side until someone chooses. Nothing is lost, nothing is guessed.

import { announce, count, h, icon } from './dom.js';
import { contentOf, insertOps } from './card.js';
import { difference, plainText } from './diff.js';
import { elementsOn } from './form.js';
import { since } from './saveline.js';

/** Keeps the banner and the fields' choices in step with the queue's conflicts. */
export class Conflicts {
  #panels = new Map();

  constructor({ queue, form, banners }) {
    Object.assign(this, { queue, form, banners });
    queue.addEventListener('conflict', () => this.draw());
  }

  get open() {
    return this.queue.conflicts.size > 0;
  }

  draw() {
    for (const [key, panel] of this.#panels) {
      if (this.queue.conflicts.has(key)) continue;
      panel.remove();
      this.#panels.delete(key);
    }
    for (const [key, conflict] of this.queue.conflicts) this.#panel(key, conflict);
    this.#banner();
  }

  #banner() {
    const all = [...this.queue.conflicts];
    if (all.length === 0) return this.banners.hide('conflict');
    const [, { by, at }] = all[0];
    const names = all.map(([key]) => `“${this.form.name(key)}”`).join(', ');
    const title = `${by || 'Someone'} saved this ${at ? since(Date.parse(at)) : 'meanwhile'}`;
    return this.banners.show('conflict', {
      look: 'n', icon: 'users', urgent: true, title,
      text: `You both changed ${names}. Everything else is merged. Your own text stays until you choose.`,
      buttons: [
        { text: 'Compare', act: () => this.show(all[0][0]) },
        { text: 'Keep mine', act: () => { for (const [key] of all) this.keep(key); } },
      ],
    });
  }

  /** Brings the choice about `key` into view. */
  show(key) {
    const panel = this.#panels.get(key);
    for (const { list, id } of elementsOn(key)) {
      const element = this.form.list(list)?.item(id);
      if (element) this.form.list(list).open(element);
    }
    panel?.scrollIntoView({ block: 'center' });
    panel?.querySelector('button')?.focus();
  }

  #panel(key, conflict) {
    this.#panels.get(key)?.remove();
    const place = this.#place(key, conflict);
    if (!place) return;
    const { by, what, text, theirs } = conflict;
    const mine = plainText(conflict.op.value);
    const other = text ?? plainText(theirs);
    const who = by || 'Theirs';
    const choose = (label, act) => h('button', { type: 'button', class: 'btn s', onclick: act }, label);
    const buttons = [choose('Keep mine', () => this.keep(key)), choose('Take theirs', () => this.take(key))];
    if (mine && what === 'changed') buttons.push(h('button', { type: 'button', class: 'btn s', 'data-copy': mine }, h('span', { 'data-label': '' }, 'Copy mine')));
    const sides = {
      changed: () => h('div', { class: 'ed-sides' },
        h('div', {}, h('div', { class: 'lab' }, 'Yours, in the field'), h('div', { class: 'diff', dir: 'auto' }, difference(other, mine))),
        h('div', {}, h('div', { class: 'lab' }, who), h('div', { class: 'diff', dir: 'auto' }, other || h('i', {}, 'Nothing')))),
      removed: () => h('p', {}, `${by || 'Someone'} removed this while you wrote in it. Keep mine puts it back with your text.`),
      moved: () => h('p', {}, `You both moved this. ${by || 'Someone'} put it elsewhere.`),
    };
    const panel = h('div', { class: 'ed-conflict', role: 'group', 'aria-label': `Two versions of ${this.form.name(key)}` },
      h('b', {}, icon('users', 'sm'), 'Two versions'), (sides[what] ?? sides.changed)(), h('div', { class: 'btns' }, buttons));
    this.#panels.set(key, panel);
    place.append(panel);
  }

  #place(key, { what }) {
    if (what === 'changed') return this.form.field(key)?.el ?? this.banners.place;
    const [last] = elementsOn(key).slice(-1);
    return (last && this.form.list(last.list)?.item(last.id)) ?? this.banners.place;
  }

  /** Sends the person's own version. */
  keep(key) {
    const conflict = this.queue.conflicts.get(key);
    this.queue.settle(key, conflict.what === 'removed' ? this.#whole(key) : [this.#current(conflict.op)]);
    announce(`Yours is kept. ${this.#left()}`);
  }

  /** Shows the other version and forgets the own one. */
  take(key) {
    const { op, theirs, what } = this.queue.conflicts.get(key);
    if (what === 'removed') for (const { list, id } of elementsOn(key).slice(-1)) this.form.list(list)?.take(id);
    else if (what === 'changed') this.form.apply({ op: 'set', path: op.path, value: theirs });
    else if (typeof theirs === 'string' || theirs === null) this.form.apply({ op: 'move', list: op.list, id: op.id, after: theirs });
    this.queue.settle(key);
    announce(`The other version is taken. ${this.#left()}`);
    if (op.op === 'set') this.form.field(op.path)?.focus();
  }

  /** What the form shows now is what the person wants, also when it changed since. */
  #current(op) {
    if (op.op !== 'set') return op;
    const field = this.form.field(op.path);
    return field ? { ...op, value: field.get() } : op;
  }

  /** The operations that bring a removed element back as it is in the form. */
  #whole(key) {
    const [last] = elementsOn(key).slice(-1);
    const list = last && this.form.list(last.list);
    const element = list?.item(last.id);
    return element ? insertOps(last.list, last.id, list.before(last.id), contentOf(element)) : [];
  }

  /** What the device copy keeps of the open conflicts. */
  held() {
    return [...this.queue.conflicts].flatMap(([key, { op, by, at, what }]) => (
      what === 'removed' ? this.#whole(key).map((whole) => ({ op: whole, by, at })) : [{ op: this.#current(op), by, at }]));
  }

  #left() {
    const { size } = this.queue.conflicts;
    return size ? `${count(size, 'choice')} left.` : 'No choices left.';
  }
}
