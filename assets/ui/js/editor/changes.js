// What people do in the form: told to the save queue, kept for undo, and judged.

import { toast } from '../toast.js';
import { announce } from './dom.js';
import { touchedEarly } from './early.js';
import { complaint, fieldOf, ldField, showProblems, updateCounter } from './field.js';
import { inWords } from './when.js';

export class Changes {
  #before = new WeakMap();
  #told = new WeakMap();
  #applying = false;

  /** What would stop publishing, by path, as the server said last. */
  problems = {};

  /** `onslug` hears what was written as the address, `onmerge` where somebody has written, or with null that a field was
   *  left: then what others wrote may be shown. */
  constructor({ root, form, queue, history, presence, zone, onslug, onmerge }) {
    Object.assign(this, { root, form, queue, history, presence, zone, onslug, onmerge });
    root.addEventListener('input', (event) => this.#changed(event.target));
    root.addEventListener('change', (event) => this.#changed(event.target));
    root.addEventListener('focusin', (event) => this.#entered(event.target));
    root.addEventListener('pointerdown', (event) => this.#remember(event.target), true);
    root.addEventListener('focusout', (event) => this.#left(event.target));
    root.addEventListener('ld-perform', (event) => this.#perform(event.detail));
    root.addEventListener('ld-set', (event) => {
      this.#told.delete(fieldOf(event.target));
      this.#furnish(event.target);
    });
    for (const control of root.querySelectorAll('input[data-max], textarea[data-max], input[type=date], input[type=datetime-local]')) this.#furnish(control);
  }

  /** Tells what was done before this script was there. */
  catchUp() {
    for (const control of touchedEarly(this.root)) this.#changed(control);
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

  /** Shows operations and sends them; returns those that take them back. */
  run(ops) {
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

  /** Says at fields that were left once what is wrong with them now. */
  judgeAgain() {
    for (const el of this.root.querySelectorAll('.f[data-judged]')) {
      const control = el.querySelector('input:not([type=hidden]), textarea, select');
      if (control && el.dataset.path !== this.form.focused) this.#judge(el, control);
    }
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
    if (field.path === '@slug') this.onslug(value);
    this.queue.change({ op: 'set', path: field.path, value });
    this.onmerge(field.path);
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
      this.onmerge(null);
      if (!this.form.focused) this.presence.at(null);
    });
  }

  /** Says what is wrong with a field: what the browser sees, what the server refused, what would stop publishing. */
  #judge(el, control) {
    const { path } = el.dataset;
    const refused = this.queue.refused.get(path)?.sentence;
    const own = complaint(control);
    showProblems(el, [refused, own ?? this.problems[path]?.join(' ')].filter(Boolean));
    el.dataset.judged = '';
    this.root.dispatchEvent(new CustomEvent('ld-problems'));
  }

  #furnish(control) {
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

  #perform({ ops, label, then }) {
    const step = this.history.push(label, this.run(ops));
    if (then === 'removed') {
      toast({ kind: 'info', title: `${label.replace(/^Remove /, '')} removed`, seconds: 10, actions: [{ label: 'Undo', run: () => announce(this.history.undo(step) ? `Undone: ${label}` : 'It is back already') }] });
    }
    this.queue.hurry();
  }
}
