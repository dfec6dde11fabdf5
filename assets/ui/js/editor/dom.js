// Elements made by script: plain nodes, never markup from text.

import { announce } from '../announce.js';
import { closed } from '../closed.js';
import { icon } from '../icon.js';

export { announce, icon };

/** An element with properties, `data-`/`aria-` attributes, listeners (`onclick: fn`) and children. */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes('-') && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let ids = 0;

/** The element's id; it gets one if it has none. */
export function idOf(element) {
  while (!element.id) {
    ids += 1;
    // Another bundle counts for itself.
    if (!document.getElementById(`ld-${ids}`)) element.id = `ld-${ids}`;
  }
  return element.id;
}

/** Remembers where someone writes; calling what it returns puts focus and caret back there. A dialog that closes gives
 *  back the focus, but in Chromium not the caret. */
export function caret() {
  const el = document.activeElement;
  const typed = typeof el?.selectionStart === 'number' ? [el.selectionStart, el.selectionEnd, el.selectionDirection] : null;
  const selection = getSelection();
  const range = el?.isContentEditable && selection.rangeCount > 0 ? selection.getRangeAt(0).cloneRange() : null;
  return () => {
    if (!el?.isConnected || el === document.body) return;
    el.blur();
    el.focus();
    if (typed) el.setSelectionRange(...typed);
    if (!range) return;
    selection.removeAllRanges();
    selection.addRange(range);
  };
}

/** A modal dialog with a title and a footer. `focus` names what gets the focus, else the first control does.
 *  Resolves with the value of the button that closed it, or '' for Escape. Focus goes back by itself. */
export async function dialog({ title, content, buttons, wide, focus, onopen }) {
  const head = h('h2', { tabIndex: -1 }, title);
  const answer = (value) => () => { box.close(value); };
  const footer = h('footer', {}, h('span', { class: 'r' }, buttons.map(({ text, value, look = '', disabled }) => h('button', {
    type: 'button', class: `btn ${look}`.trim(), 'data-value': value, disabled, onclick: answer(value),
  }, text))));
  const box = h('dialog', { class: wide ? 'dlg wide' : 'dlg', 'aria-labelledby': idOf(head) },
    h('header', {}, head, h('button', { type: 'button', class: 'btn g sq', 'aria-label': 'Close', onclick: answer('') }, icon('x'))),
    h('div', { class: 'content' }, content), footer);
  const back = caret();
  document.body.append(box);
  onopen?.(box);
  box.showModal();
  (box.querySelector(focus ?? '.content input, .content select, .content textarea, footer button') ?? head).focus();
  await closed(box);
  box.remove();
  back();
  return box.returnValue;
}

/** "1 change", "3 changes". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
