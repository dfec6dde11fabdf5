// A menu that opens at a button: arrow keys, first letters, Escape; closes when left.

import { itemFor } from '../menu-keys.js';
import { h, icon } from './dom.js';

/** Opens a menu at `button`. Items are `{text, icon, act, disabled, danger, note}`. */
export function openMenu(button, items) {
  const menu = h('div', { class: 'menu', role: 'menu', popover: 'manual' }, items.map((item) => h('button', {
    type: 'button', role: 'menuitem', tabIndex: -1, class: item.danger ? 'dz' : undefined, 'aria-disabled': item.disabled ? 'true' : undefined,
    onclick: () => {
      if (item.disabled) return;
      close(true);
      item.act();
    },
  }, item.icon ? icon(item.icon) : null, h('span', {}, item.text, item.note ? h('small', {}, item.note) : null))));
  const close = (back) => {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
    button.setAttribute('aria-expanded', 'false');
    if (back) button.focus();
  };
  const outside = (event) => { if (!menu.contains(event.target)) close(false); };
  menu.addEventListener('keydown', (event) => {
    // A note may stand below the choices.
    const next = itemFor(event, [...menu.querySelectorAll('[role=menuitem]')]);
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close(true);
    }
  });
  (button.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  const { bottom, top, right } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`;
  // Above the button it grows upwards, when a note below the choices gets longer.
  if (bottom + height + 8 > innerHeight && top > height) menu.style.bottom = `${innerHeight - top + 4}px`;
  else menu.style.top = `${bottom + 4}px`;
  button.setAttribute('aria-expanded', 'true');
  document.addEventListener('pointerdown', outside, true);
  menu.firstElementChild?.focus();
  return menu;
}
