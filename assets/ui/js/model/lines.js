import { announce } from '../announce.js';
import { icon } from '../icon.js';
import { csrf } from '../csrf.js';

const WORDS = JSON.parse(document.getElementById('type-words')?.textContent ?? '[]');
/** How long somebody pauses before what they typed is checked, in milliseconds. */
const PAUSE = 400;
let made = 0;

/**
 * A textarea for fields, one a line. While the type of a line is typed, a list below completes it: arrows choose, Enter
 * or Tab takes, Escape closes. When typing pauses the server says which lines are no fields.
 */
class Lines extends HTMLElement {
  #area = null;
  #list = null;
  #wrongs = null;
  #shown = [];
  #at = 0;
  #timer = 0;
  #asked = 0;

  connectedCallback() {
    this.#area = this.querySelector('textarea');
    this.#wrongs = this.querySelector('.wrongs');
    if (this.#list) return;
    this.#list = document.createElement('div');
    Object.assign(this.#list, { className: 'words', id: `words-${++made}`, hidden: true });
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', 'Types');
    // It can be longer than its place.
    this.#list.tabIndex = 0;
    this.append(this.#list);
    this.#area.addEventListener('input', () => { this.#suggest(); this.#check(); });
    this.#area.addEventListener('keydown', (event) => this.#key(event));
    this.#area.addEventListener('blur', () => this.#close());
    this.#area.addEventListener('click', () => this.#close());
    this.#list.addEventListener('mousedown', (event) => {
      event.preventDefault();
      const option = event.target.closest('[role=option]');
      if (option) this.#take([...this.#list.children].indexOf(option));
    });
  }

  /** The beginning of a type that the caret stands behind; null when it stands elsewhere. */
  #typed() {
    const { selectionStart: at, selectionEnd: end, value } = this.#area;
    if (at !== end) return null;
    const line = value.slice(value.lastIndexOf('\n', at - 1) + 1, at);
    return /^\s*(?:[\w-]+|"(?:[^"\\]|\\.)*")[ \t]+([a-z_]*)$/i.exec(line)?.[1] ?? null;
  }

  #suggest() {
    const typed = this.#typed()?.toLowerCase() ?? null;
    this.#shown = typed === null ? [] : WORDS.filter(({ word }) => word.startsWith(typed) && word !== typed);
    if (this.#shown.length === 0) {
      this.#close();
      return;
    }
    this.#at = 0;
    this.#list.replaceChildren(...this.#shown.map(({ word, about, icon: sign }, at) => {
      const option = document.createElement('div');
      option.id = `${this.#list.id}-${at}`;
      option.setAttribute('role', 'option');
      const name = document.createElement('b');
      name.textContent = word;
      const text = document.createElement('small');
      text.textContent = about;
      option.append(icon(sign), name, text);
      return option;
    }));
    this.#list.hidden = false;
    this.#area.setAttribute('aria-controls', this.#list.id);
    announce(this.#shown.length === 1 ? `1 type: ${this.#shown[0].word}` : `${this.#shown.length} types`);
    this.#mark();
  }

  #mark() {
    [...this.#list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === this.#at)));
    const option = this.#list.children[this.#at];
    this.#area.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  #close() {
    this.#list.hidden = true;
    this.#area.removeAttribute('aria-activedescendant');
  }

  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.closest('form').querySelector('button[name=do]').click();
      return;
    }
    if (this.#list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
      this.#mark();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      // A type that is whole already is meant: Enter goes to the next line.
      if (this.#typed() === '' && event.key === 'Enter') { this.#close(); return; }
      this.#take(this.#at);
    } else if (event.key === 'Escape') {
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Writes the chosen type in the place of what was typed of it. */
  #take(at) {
    const { word, example } = this.#shown[at];
    const typed = this.#typed() ?? '';
    const caret = this.#area.selectionStart;
    // What has to stand in brackets is waited for between them.
    const brackets = new RegExp(`\\b${word}\\(`).test(example);
    this.#area.setRangeText(word + (brackets ? '()' : ''), caret - typed.length, caret, 'end');
    if (brackets) this.#area.selectionStart = this.#area.selectionEnd -= 1;
    this.#close();
    this.#area.dispatchEvent(new Event('input', { bubbles: true }));
    this.#close();
  }

  #check() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    const number = ++this.#asked;
    const body = new URLSearchParams({ lines: this.#area.value });
    const answer = await fetch('/admin/model/check', { method: 'POST', body, headers: { 'X-CSRF-Token': csrf() } }).catch(() => null);
    if (!answer?.ok || number !== this.#asked) return;
    const { wrong } = await answer.json();
    // The line that is being typed may still become one.
    const own = this.#area.value.slice(0, this.#area.selectionStart).split('\n').length;
    const told = wrong.filter(({ line }) => line !== own || document.activeElement !== this.#area);
    this.#wrongs.hidden = told.length === 0;
    this.#area.toggleAttribute('aria-invalid', told.length > 0);
    if (told.length > 0) this.#area.setAttribute('aria-invalid', 'true');
    this.#wrongs.replaceChildren(...told.map(({ line, text }) => {
      const item = document.createElement('p');
      const words = document.createElement('span');
      const number0 = document.createElement('b');
      number0.textContent = `Line ${line} `;
      words.append(number0, text);
      item.append(icon('triangle-alert', 'sm'), words);
      return item;
    }));
  }
}

customElements.define('ld-lines', Lines);
