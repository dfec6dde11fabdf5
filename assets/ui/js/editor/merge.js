// What others saved, shown in this form: never over text that is unsent, never under the caret.

import { elementsOn } from './form.js';
import { sameValue, within } from './ops.js';

/** `take(theirs)` shows the changes an answer named; `show(draft, before)` those of a whole draft, where `before` is a
 *  `snapshot()` made before it was asked for; `contested(path)` is told of every change by this person; `catchUp()`
 *  shows what had to wait for the caret to go. */
export function merger({ form, queue, quietly }) {
  const stale = new Map();

  const take = (theirs, everything = false) => quietly(() => {
    // Elements first: fields of new ones have no place before.
    for (const change of theirs) if (change.order) order(change);
    for (const change of theirs) if (!change.order) value(change, everything);
  });

  const value = (change, everything) => {
    const { path, value: theirs, text, by, at } = change;
    const field = form.field(path);
    if (!field) return;
    if (sameValue(field.get(), theirs)) {
      stale.delete(path);
      return;
    }
    if (queue.contest(path, { theirs, text, by, at, what: 'changed' })) return;
    if (!everything && form.focused === path) {
      stale.set(path, change);
      return;
    }
    stale.delete(path);
    field.set(theirs);
    form.flash(field.el);
  };

  const order = (change) => {
    const list = form.list(change.path);
    if (!list) return;
    const wanted = new Set(change.order.map(({ id }) => id));
    for (const element of list.items()) {
      const key = `${change.path}[${element.dataset.id}]`;
      if (wanted.has(element.dataset.id)) continue;
      if (queue.touches(key)) contestRemoval(key, change);
      else if (form.focused && within(form.focused, key)) stale.set(change.path, change);
      else list.take(element.dataset.id);
    }
    for (const { id, component } of change.order) {
      if (!list.item(id) && !queue.removes(`${change.path}[${id}]`)) list.put({ id, after: null, component });
    }
    if (queue.touchesOrder(change.path)) return;
    let after = null;
    for (const { id } of change.order) {
      if (!list.item(id)) continue;
      if (behind(list, id, wanted) !== after) list.place(id, after);
      after = id;
    }
  };

  /** Unsent text in an element that somebody removed. An element that is new here was never there to remove. */
  const contestRemoval = (key, { by, at }) => {
    if (!queue.inserts(key)) queue.contestRemoval(key, { by, at });
  };

  return {
    take,
    contested(path) {
      const change = stale.get(path);
      if (!change) return;
      stale.delete(path);
      queue.contest(path, { theirs: change.value, text: change.text, by: change.by, at: change.at, what: 'changed' });
    },
    catchUp() {
      if (stale.size === 0) return;
      const waiting = [...stale.values()];
      stale.clear();
      take(waiting);
    },
    snapshot() {
      return {
        values: new Map(form.fields().map((field) => [field.path, field.get()])),
        lists: new Map([...form.root.querySelectorAll('ld-blocks')].map((list) => [list.dataset.path, ids(list.items().map(({ dataset }) => dataset))])),
      };
    },
    show({ values = {}, lists = {}, by, at }, before, { everything }) {
      const changes = Object.entries(lists).filter(([path, elements]) => everything || before.lists.get(path) !== ids(elements))
        .map(([path, elements]) => ({ path, order: elements, by, at }));
      for (const [path, theirs] of Object.entries(values)) {
        // What the page shows already is no news, and what is being typed here is compared with what it was.
        if (!everything && before.values.has(path) && sameValue(before.values.get(path), theirs)) continue;
        if (!before.values.has(path) && elementsOn(path).length === 0 && !form.field(path)) continue;
        changes.push({ path, value: theirs, by, at });
      }
      take(changes, everything);
    },
  };
}

/** The element before `id`, passing over those that are only here. */
function behind(list, id, wanted) {
  let before = list.before(id);
  while (before !== null && !wanted.has(before)) before = list.before(before);
  return before;
}

function ids(elements) {
  return elements.map(({ id }) => id).join(' ');
}
