// `/` in an empty line: a list of what can be inserted, narrowed by typing on.

import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { announce } from '../announce.js';
import { icon } from '../icon.js';
import { ACTIONS } from './actions.js';
import { make, newId } from './dom.js';
import { WORDS } from './words.js';

/** The slash menu of one `<ld-richtext>`, shown inside `layer`. */
export function slash(richtext, layer) {
  const names = Object.keys(ACTIONS).filter((name) => ACTIONS[name].block && richtext.formats.has(name));
  const list = make('div', { class: 'opts rt-slash', id: newId('rt-slash'), role: 'listbox', 'aria-label': WORDS.insert, tabindex: '0' });
  list.hidden = true;
  list.addEventListener('mousedown', (event) => event.preventDefault());
  let shown = [];
  let current = 0;
  let dismissed = null;

  const close = () => {
    if (list.hidden) return;
    list.hidden = true;
    for (const name of ['aria-activedescendant', 'aria-controls']) richtext.editor.view.dom.removeAttribute(name);
  };

  const run = (name) => {
    const { editor } = richtext;
    const { $from } = editor.state.selection;
    editor.chain().deleteRange({ from: $from.start(), to: $from.end() }).run();
    close();
    ACTIONS[name].run(richtext);
  };

  const mark = () => {
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === current)));
    const option = list.children[current];
    if (shown.length) richtext.editor.view.dom.setAttribute('aria-activedescendant', option.id);
    option?.scrollIntoView({ block: 'nearest' });
  };

  const show = (query) => {
    const found = names.filter((name) => matches(name, query));
    if (list.hidden || found.join() !== shown.join()) {
      shown = found;
      current = 0;
      list.replaceChildren(...found.map((name) => make('div', { role: 'option', id: newId('rt-option'), onclick: () => run(name) }, icon(ACTIONS[name].icon), WORDS[name])));
      if (!found.length) list.append(make('p', { class: 'muted' }, WORDS.nothingToInsert));
      announce(WORDS.matches(found.length));
    }
    list.hidden = false;
    richtext.editor.view.dom.setAttribute('aria-controls', list.id);
    mark();
    place(richtext.editor.view, layer, list);
  };

  const keydown = (view, event) => {
    if (list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      current = (current + step + shown.length) % shown.length;
      mark();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && shown.length) run(shown[current]);
    else if (event.key === 'Escape') {
      dismissed = view.state.selection.$from.before();
      close();
    } else return false;
    event.preventDefault();
    return true;
  };

  layer.append(list);
  return Extension.create({
    name: 'slash',
    priority: 1200,
    addProseMirrorPlugins: () => [new Plugin({
      props: {
        // Before all other keys: Escape and Tab belong to the list while it is open.
        handleDOMEvents: { keydown, blur: () => { close(); return false; } },
      },
      view: () => ({
        update: (view) => {
          const query = view.composing ? null : queryAt(view.state);
          if (query === null) dismissed = null;
          if (query === null || !view.hasFocus() || dismissed === view.state.selection.$from.before()) close();
          else show(query);
        },
      }),
    })],
  });
}

/** What stands after a `/` that begins an otherwise empty paragraph of its own; null when there is none. */
function queryAt({ selection: { $from, empty } }) {
  if (!empty || $from.parent.type.name !== 'paragraph' || $from.parentOffset !== $from.parent.content.size) return null;
  return /^\/([\p{L}\p{N} -]{0,24})$/u.exec($from.parent.textContent)?.[1] ?? null;
}

function matches(name, query) {
  const wanted = query.trim().toLowerCase();
  return name.startsWith(wanted) || WORDS[name].toLowerCase().split(/[ -]/).some((word) => word.startsWith(wanted)) || WORDS[name].toLowerCase().startsWith(wanted);
}

function place(view, layer, list) {
  const caret = view.coordsAtPos(view.state.selection.from);
  const frame = layer.getBoundingClientRect();
  const size = list.getBoundingClientRect();
  const below = caret.bottom + 4 + size.height <= innerHeight || caret.top < size.height;
  list.style.top = `${(below ? caret.bottom + 4 : caret.top - 4 - size.height) - frame.top}px`;
  list.style.left = `${Math.max(0, Math.min(caret.left - frame.left, frame.width - size.width))}px`;
}
