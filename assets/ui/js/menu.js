import { itemFor } from './menu-keys.js';
import { place } from './place.js';

const ITEMS = '[role^="menuitem"]:not([aria-disabled="true"])';

/**
 * A button with a menu, after the ARIA menu button pattern. The menu is a popover the button names with `popovertarget`,
 * so opening, closing and lying above everything are the browser's; this adds the place, the arrows and first letters.
 */
class Menu extends HTMLElement {
  #button;
  #menu;

  connectedCallback() {
    this.#button = this.querySelector('[popovertarget]');
    this.#menu = this.querySelector('[popover]');
    if (!this.#button || !this.#menu) return;
    if (this.#menu.getAttribute('role') === 'menu') this.#button.setAttribute('aria-haspopup', 'menu');
    this.#button.setAttribute('aria-expanded', 'false');
    this.#button.addEventListener('click', this.#pressed);
    this.#button.addEventListener('keydown', this.#arrow);
    this.#menu.addEventListener('toggle', this.#toggled);
    this.#menu.addEventListener('keydown', this.#move);
    this.#menu.addEventListener('click', (event) => {
      if (event.target.closest('[role^="menuitem"]')) this.#close();
    });
  }

  #items() {
    return [...this.#menu.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());
  }

  // The browser would open it by itself, but tells of that a task later, and the next key must find the focus in it.
  #pressed = (event) => {
    event.preventDefault();
    if (this.#menu.matches(':popover-open')) this.#close();
    else this.#open(0);
  };

  #arrow = (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    this.#open(event.key === 'ArrowUp' ? -1 : 0);
  };

  /** Opens the menu with the focus on one of its items. */
  #open(item) {
    this.#menu.showPopover();
    place(this.#menu, this.#button);
    if (!this.#menu.contains(document.activeElement)) this.#items().at(item)?.focus();
  }

  #toggled = (event) => {
    this.#button.setAttribute('aria-expanded', String(event.newState === 'open'));
  };

  #close() {
    const inside = this.#menu.contains(document.activeElement);
    this.#menu.hidePopover();
    if (inside) this.#button.focus();
  }

  #move = (event) => {
    // Letters mean items here, not what they do on the page.
    if (event.key.length === 1) event.stopPropagation();
    const next = itemFor(event, this.#items());
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === 'Tab') {
      this.#close();
    }
  };
}

customElements.define('ld-menu', Menu);
