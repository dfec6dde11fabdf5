// A row of buttons that is one tab stop (ARIA toolbar pattern).

import { icon } from '../icon.js';
import { make } from './dom.js';
import { WORDS } from './words.js';

/**
 * A toolbar. `entries` are `{ name, icon, text, run, isOn, can, key }`, elements, or null for a separator.
 * A click never takes the focus from the text; Escape and the actions themselves give it back.
 */
export class Bar {
  #richtext;
  #buttons = [];

  constructor(richtext, label, look, entries) {
    this.#richtext = richtext;
    this.dom = make('div', { class: look, role: 'toolbar', 'aria-label': label, 'aria-controls': richtext.textId });
    this.dom.append(...entries.map((entry) => this.#item(entry)));
    this.dom.addEventListener('mousedown', (event) => {
      if (event.target.closest('button')) event.preventDefault();
    });
    this.dom.addEventListener('keydown', (event) => this.#move(event));
    this.dom.addEventListener('focusin', (event) => this.#stopAt(event.target.closest('button')));
    this.#stopAt(this.#items()[0]);
  }

  /** Takes over what is pressed and what is possible from the state of the text. */
  update() {
    const { editor } = this.#richtext;
    for (const { button, entry } of this.#buttons) {
      if (entry.isOn) set(button, 'aria-pressed', String(entry.isOn(editor)));
      if (entry.can) set(button, 'aria-disabled', String(!entry.can(editor)));
    }
  }

  focus() {
    (this.#items().find((item) => item.tabIndex === 0) ?? this.#items()[0])?.focus();
  }

  #item(entry) {
    if (entry === null) return make('span', { class: 'sep' });
    if (entry instanceof Element) return entry;
    const label = entry.label ?? WORDS[entry.name];
    const button = make('button', {
      type: 'button', tabindex: '-1', title: entry.key ? `${label} (${keyName(entry.key)})` : label, 'aria-label': entry.text ? null : label,
      'aria-pressed': entry.isOn ? 'false' : null, 'data-name': entry.name,
      onclick: () => {
        if (button.getAttribute('aria-disabled') !== 'true') entry.run(this.#richtext);
      },
    }, entry.icon ? icon(entry.icon, entry.text ? 'sm' : 'lg') : null, entry.text ? label : null);
    this.#buttons.push({ button, entry });
    return button;
  }

  #items() {
    return [...this.dom.querySelectorAll('button')].filter((button) => !button.closest('[popover]'));
  }

  #stopAt(current) {
    const items = this.#items();
    if (!items.includes(current)) return;
    for (const item of items) item.tabIndex = item === current ? 0 : -1;
  }

  #move(event) {
    if (event.target.closest('[popover]')) return;
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    const forward = getComputedStyle(this.dom).direction === 'rtl' ? -1 : 1;
    const steps = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: items.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      items[(steps[event.key] + items.length) % items.length].focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.#richtext.editor.view.focus();
    } else if (event.key === 'F10' && event.altKey) {
      event.preventDefault();
      this.#richtext.focusToolbar(this);
    }
  }
}

const APPLE = /^(?:Mac|iP)/.test(navigator.platform);

function keyName(key) {
  return APPLE ? key.replace('Ctrl', '⌘') : key;
}

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
