// States that last, told above the form: one banner for each, newest on top.

import { h, icon } from './dom.js';

/** The banners of an editor. `look` is w (amber), n (blue) or e (red). */
export class Banners {
  #shown = new Map();

  constructor(place) {
    this.place = place;
  }

  /** Shows or replaces the banner called `name`. `urgent` interrupts assistive software. A button has `text` and
   *  either `act`, or `copy`, which gives the text that clipboard.js then copies. */
  show(name, { look, icon: picture, title, text, buttons = [], urgent = false }) {
    const banner = h('div', { class: `ban ${look}`, role: urgent ? 'alert' : 'status', 'data-banner': name },
      icon(picture),
      h('div', {}, h('b', {}, title), text ? h('p', {}, text) : null),
      h('span', { class: 'r' }, buttons.map((button) => h('button', {
        type: 'button', class: `btn s ${button.look ?? ''}`.trim(), onclick: button.act ?? (({ currentTarget }) => { currentTarget.dataset.copy = button.copy(); }),
      }, h('span', { 'data-label': '' }, button.text)))));
    const old = this.#shown.get(name);
    if (old && old.textContent === banner.textContent) {
      old.replaceChildren(...banner.childNodes);
      return old;
    }
    if (old) old.replaceWith(banner);
    else this.place.prepend(banner);
    this.#shown.set(name, banner);
    return banner;
  }

  hide(name) {
    const banner = this.#shown.get(name);
    if (!banner) return;
    const held = banner.contains(document.activeElement);
    banner.remove();
    this.#shown.delete(name);
    if (held) this.place.closest('ld-editor')?.focusForm();
  }

  has(name) {
    return this.#shown.has(name);
  }
}
