// A text field with a list of suggestions, after the ARIA combobox pattern.

import { h, idOf } from './dom.js';

const BEGINNING = 2;

/** Makes `input` a combobox. `find(text, signal)` resolves with `[{id, text, node?}]`; `choose(item)` is called with the
 *  one taken. With `free` what is typed is a value of its own: suggestions come from two letters on, unless `skip(text)`
 *  says that it needs none, and nothing is taken that was not chosen. Returns `{close}`. */
export function combobox(input, { find, choose, empty = 'Nothing found', label, free = false, skip = () => false }) {
  const list = h('div', { class: 'opts ed-opts', role: 'listbox', hidden: true, 'aria-label': label || input.getAttribute('aria-label') || 'Suggestions' });
  const told = h('span', { class: 'sr', role: 'status' });
  input.after(list, told);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': idOf(list), autocomplete: 'off' })) input.setAttribute(name, value);
  let items = [];
  let at = -1;
  let timer = 0;
  let asking = null;
  // Enter came before the list it was meant for; an arrow did, and from which end; the arrows led to what is marked.
  let hasty = false;
  let headed = 0;
  let walked = false;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    asking?.abort();
    clearTimeout(timer);
    timer = headed = 0;
    hasty = walked = false;
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((option, number) => option.setAttribute('aria-selected', String(number === at)));
    const current = list.children[at];
    if (!current) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', idOf(current));
    return current.scrollIntoView({ block: 'nearest' });
  };
  const take = (item) => {
    close();
    choose(item);
  };
  const draw = (marked) => {
    list.replaceChildren(...items.map((item) => h('div', {
      role: 'option', 'aria-selected': 'false', class: item.id === '' ? 'ed-new' : undefined,
      // Clicking must not take the focus from the text field.
      onpointerdown: (event) => event.preventDefault(), onclick: () => take(item),
    }, item.node ?? item.text)));
    if (items.length === 0) list.replaceChildren(h('p', { class: 'muted ed-none' }, empty));
    list.hidden = false;
    input.setAttribute('aria-expanded', String(items.length > 0));
    told.textContent = items.length === 0 ? empty : `${items.length} found`;
    mark(marked);
  };
  /** What is marked in a list that has just come. `before` is what was marked in the last one. */
  const first = (before) => {
    // Where somebody has walked to stays marked when the letters typed before that are answered.
    const kept = walked && before ? items.findIndex(({ id }) => id === before.id) : -1;
    if (kept >= 0) return kept;
    if (headed) return headed > 0 ? Math.min(0, items.length - 1) : items.length - 1;
    return !free && items.length > 0 && input.value.trim() ? 0 : -1;
  };
  const search = async () => {
    asking?.abort();
    if (free && (input.value.trim().length < BEGINNING || skip(input.value.trim()))) {
      told.textContent = '';
      close();
      return;
    }
    asking = new AbortController();
    try {
      const found = await find(input.value.trim(), asking.signal);
      const before = items[at];
      items = found;
      timer = 0;
      const marked = first(before);
      const taken = hasty && items[Math.max(0, marked)];
      headed = 0;
      hasty = false;
      if (taken) take(taken);
      else if (document.activeElement === input) draw(marked);
    } catch (error) {
      if (error.name === 'AbortError') return;
      items = [];
      timer = headed = 0;
      hasty = false;
      list.replaceChildren(h('p', { class: 'muted ed-none' }, 'The server does not answer. Try again in a moment.'));
      list.hidden = false;
    }
  };

  input.addEventListener('input', (event) => {
    // What is typed to search is no value of the form; and what is chosen is no question.
    if (!free) event.stopPropagation();
    else if (!event.isTrusted) return;
    clearTimeout(timer);
    walked = false;
    timer = setTimeout(search, 150);
  });
  if (!free) {
    input.addEventListener('change', (event) => event.stopPropagation());
    input.addEventListener('focus', search);
    input.addEventListener('click', () => { if (list.hidden) search(); });
  }
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      walked = true;
      if (list.hidden) {
        headed = key === 'ArrowDown' ? 1 : -1;
        search();
      } else if (items.length > 0) mark((at + (key === 'ArrowDown' ? 1 : -1) + items.length) % items.length);
    } else if (key === 'Enter') {
      if (free && !headed && (list.hidden || !items[at])) {
        close();
        return;
      }
      // Never sends the form.
      event.preventDefault();
      if (headed || (timer && !free)) hasty = true;
      else if (!list.hidden && items[at]) take(items[at]);
    } else if (key === 'Escape' && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  return { close };
}
