import { pictures } from './library/pictures.js';

/**
 * The library to choose one file from, as the server writes it into a dialog. Whoever opened the dialog hears `ld:picked`
 * with the facts of the file that was chosen. `data-styles` is the address of the library's styles.
 */
class Pick extends HTMLElement {
  connectedCallback() {
    this.#style(this.dataset.styles);
    pictures(this);
    this.addEventListener('htmx:afterSettle', () => pictures(this));
    this.addEventListener('keydown', this.#move);
    this.addEventListener('click', ({ target }) => {
      const button = target.closest('button[data-facts]');
      if (button) this.dispatchEvent(new CustomEvent('ld:picked', { bubbles: true, detail: JSON.parse(button.dataset.facts) }));
    });
  }

  #style(href) {
    if (!href || document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  }

  /** Arrows go from file to file, as they lie; down from the search leads to the first. */
  #move = (event) => {
    const tiles = [...this.querySelectorAll('button[data-facts]')];
    const at = tiles.indexOf(document.activeElement);
    const across = Math.max(1, tiles.findIndex(({ offsetTop }) => offsetTop > tiles[0].offsetTop));
    const turned = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
    const steps = { ArrowRight: turned, ArrowLeft: -turned, ArrowDown: across, ArrowUp: -across, Home: -at, End: tiles.length - 1 - at };
    const searches = at < 0 && document.activeElement.matches('input[type=search]');
    if (!(event.key in steps) || (at < 0 && !(searches && event.key === 'ArrowDown'))) return;
    event.preventDefault();
    const goal = at < 0 ? 0 : Math.min(tiles.length - 1, Math.max(0, at + steps[event.key]));
    tiles[goal]?.focus();
  };
}

customElements.define('ld-pick', Pick);
