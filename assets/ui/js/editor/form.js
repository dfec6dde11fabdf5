// The form of an entry by paths: reading values, showing operations and what others wrote.

import { contentOf, flat, insertOps } from './card.js';
import { fieldOf, ldField } from './field.js';
import { sameValue } from './ops.js';

/** `body[k3f9].links[q1].url` as the elements on its way: [{list: 'body', id: 'k3f9'}, {list: 'body[k3f9].links', id: 'q1'}]. */
export function elementsOn(path) {
  return [...path.matchAll(/\[([^\]]+)\]/g)].map((found) => ({ list: path.slice(0, found.index), id: found[1] }));
}

export class EntryForm {
  constructor(root) {
    this.root = root;
  }

  /** The field at a path, or null; also one whose card is not built yet. */
  field(path) {
    const found = this.root.querySelector(`.f[data-path="${CSS.escape(path)}"]`);
    if (found) return ldField(found);
    for (const { list, id } of elementsOn(path)) {
      const waiting = this.list(list)?.item(id)?.querySelector(':scope > template[data-body]');
      const inside = waiting?.content.querySelector(`.f[data-path="${CSS.escape(path)}"]`);
      if (inside) return ldField(inside);
    }
    return null;
  }

  list(path) {
    return this.root.querySelector(`ld-blocks[data-path="${CSS.escape(path)}"]`);
  }

  /** All fields that are built and hold one value. */
  fields() {
    return [...this.root.querySelectorAll('.f[data-path]')].filter((el) => !el.querySelector('ld-blocks, .f[data-path]')).map(ldField);
  }

  /** Tells what was typed a moment ago: rich texts do so only now and then. */
  gather() {
    for (const text of this.root.querySelectorAll('ld-richtext')) text.flush?.();
  }

  /** The path being written in, or null. */
  get focused() {
    const el = this.root.contains(document.activeElement) ? fieldOf(document.activeElement) : null;
    return el?.dataset.path ?? null;
  }

  /** Shows an operation. Returns whether there was a place for it. */
  apply(op) {
    if (op.op === 'set') {
      const field = this.field(op.path);
      field?.set(op.value);
      return Boolean(field);
    }
    const list = this.list(op.list);
    if (!list) return false;
    if (op.op === 'insert') return Boolean(list.put({ ...op, content: { component: op.component, values: flat(op.value) } }));
    if (op.op === 'move') list.place(op.id, op.after);
    else list.take(op.id);
    return true;
  }

  /** The operations that take `op` back, worked out before it is applied. */
  inverse(op) {
    if (op.op === 'set') return [{ op: 'set', path: op.path, value: this.field(op.path)?.get() ?? null }];
    const { list, id } = op;
    const place = { list, id, after: this.list(list)?.before(id) ?? null };
    if (op.op === 'insert') return [{ op: 'remove', list, id }];
    if (op.op === 'move') return [{ op: 'move', ...place }];
    const element = this.list(list)?.item(id);
    return element ? insertOps(list, id, place.after, contentOf(element)) : [];
  }

  /** The operations of `ops` that would change what the page shows. */
  missing(ops) {
    return ops.filter((op) => {
      if (op.op === 'set') {
        const field = this.field(op.path);
        return !field || !sameValue(field.get(), op.value);
      }
      const element = this.list(op.list)?.item(op.id);
      if (op.op === 'remove') return Boolean(element);
      if (op.op === 'insert') return !element;
      return Boolean(element) && this.list(op.list).before(op.id) !== op.after;
    });
  }

  /** "Headline of Hero", for sentences about a path. */
  name(path) {
    const field = this.root.querySelector(`.f[data-path="${CSS.escape(path)}"]`);
    const [place] = elementsOn(path);
    const list = place && this.list(place.list);
    const element = list?.item(place.id);
    const card = element && list.nameOf(element);
    if (!field) return card ?? path;
    const label = ldField(field).label;
    return card ? `${card}: ${label}` : label;
  }

  /** Brings a field into view, opening what hides it, and puts the caret there. */
  jump(path) {
    for (const { list, id } of elementsOn(path)) {
      const element = this.list(list)?.item(id);
      if (element) this.list(list).open(element);
    }
    const list = this.list(path);
    const field = list ? null : this.field(path);
    const target = field?.el ?? list;
    if (!target) return;
    target.closest('details:not([open])')?.setAttribute('open', '');
    const panel = target.closest('[role=tabpanel][hidden]');
    if (panel) document.querySelector(`[role=tab][aria-controls="${CSS.escape(panel.id)}"]`)?.click();
    const side = target.closest('.rail');
    // On phones the side column is a sheet.
    if (side && !side.checkVisibility()) document.querySelector(`[data-panel="${CSS.escape(side.id)}"]`)?.click();
    target.scrollIntoView({ block: 'center' });
    if (field) field.focus();
    else target.querySelector('.ed-grip, .ed-add')?.focus();
  }

  /** Marks a field for a moment: someone else changed it. */
  flash(el) {
    el.classList.add('ed-flash');
    setTimeout(() => el.classList.remove('ed-flash'), 2400);
  }

  /** Everything written, as plain text to copy. */
  text() {
    return this.fields().map((field) => ({ field, value: field.get() }))
      .filter(({ value }) => value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0))
      .map(({ field, value }) => `${this.name(field.path)}\n${typeof value === 'object' ? JSON.stringify(value) : value}\n`).join('\n');
  }
}
