import { announce } from './announce.js';

/**
 * Selecting rows of a list. Rows carry a checkbox `[data-row]`, `[data-all]` selects them all, `[data-bulk]` is the bar
 * for what can be done with them, `[data-count]` its number, `[data-clear]` empties the selection. Keys J and K go through
 * the links of the rows, X selects, Enter opens as on any link. Enter in a menu of the bar presses that menu's first
 * button, and nothing anywhere else: browsers would press the form's, which publishes.
 */
class SelectList extends HTMLElement {
  #last = null;

  connectedCallback() {
    this.addEventListener('click', this.#clicked);
    this.addEventListener('change', this.#changed);
    this.addEventListener('keydown', this.#entered);
    this.addEventListener('htmx:afterSettle', this.#show);
    document.addEventListener('ld:key', this.#key);
    this.#show();
  }

  disconnectedCallback() {
    document.removeEventListener('ld:key', this.#key);
  }

  #boxes() {
    return [...this.querySelectorAll('input[data-row]')];
  }

  #clicked = (event) => {
    if (event.target.closest('[data-clear]')) {
      for (const box of this.#boxes()) box.checked = false;
      this.#changedBy();
      this.querySelector('input[data-all]')?.focus();
      return;
    }
    const box = event.target.closest('input[data-row]');
    if (!box) return;
    const boxes = this.#boxes();
    const from = boxes.indexOf(this.#last);
    if (event.shiftKey && from >= 0) {
      const to = boxes.indexOf(box);
      for (const between of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) between.checked = box.checked;
    }
    this.#last = box;
  };

  #changed = (event) => {
    if (event.target.matches('input[data-all]')) {
      for (const box of this.#boxes()) box.checked = event.target.checked;
    } else if (!event.target.matches('input[data-row]')) {
      return;
    }
    this.#changedBy();
  };

  #entered = (event) => {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input[data-row], input[data-all], [data-bulk] input')) return;
    event.preventDefault();
    event.target.closest('[popover]')?.querySelector('button').click();
  };

  #changedBy() {
    this.#show();
    const count = this.#boxes().filter((box) => box.checked).length;
    announce(count ? `${count} selected` : 'Nothing selected');
  }

  #show = () => {
    const boxes = this.#boxes();
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest('tr, li, .tile')?.classList.toggle('sel', box.checked);
    const all = this.querySelector('input[data-all]');
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    const bulk = this.querySelector('[data-bulk]');
    if (bulk) bulk.hidden = count === 0;
    const number = this.querySelector('[data-count]');
    if (number) number.textContent = `${count} selected`;
  };

  #key = (event) => {
    const rows = this.#boxes().map((box) => box.closest('tr, li, .tile'));
    const at = rows.findIndex((row) => row?.contains(document.activeElement));
    const { key } = event.detail;
    if (key === 'j' || key === 'k') {
      const next = rows[key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
      next?.querySelector('a[href]')?.focus();
    } else if (key === 'x' && at >= 0) {
      this.#boxes()[at].click();
    } else {
      return;
    }
    event.preventDefault();
  };
}

customElements.define('ld-select-list', SelectList);
