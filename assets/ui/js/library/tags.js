import { icon } from '../icon.js';
import { node } from './node.js';

/** An input of words with commas between them, shown as words that can be taken away one by one. */
class Tags extends HTMLElement {
  #input;
  #typing;
  #box;

  connectedCallback() {
    if (this.#input) return;
    this.#input = this.querySelector('input');
    this.#typing = node('input', '', { id: this.#input.id, list: this.#input.getAttribute('list') ?? '', 'aria-describedby': this.#input.getAttribute('aria-describedby') ?? '', maxlength: '100', autocomplete: 'off' });
    this.#typing.disabled = this.#input.matches(':disabled');
    this.#input.removeAttribute('id');
    this.#input.type = 'hidden';
    this.#box = node('div', 'toks');
    this.append(this.#box);
    this.#typing.addEventListener('keydown', (event) => this.#key(event));
    // A word of the list that was chosen comes as a whole.
    this.#typing.addEventListener('input', ({ inputType }) => { if (inputType === 'insertReplacementText' || !inputType || this.#typing.value.includes(',')) this.#take(); });
    this.#typing.addEventListener('change', (event) => { event.stopPropagation(); this.#take(); });
    this.#input.addEventListener('ld:shown', () => this.#draw());
    this.#draw();
  }

  #words() {
    return this.#input.value.split(',').map((word) => word.trim()).filter(Boolean);
  }

  #put(words) {
    this.#input.value = words.join(', ');
    this.#draw();
    this.#input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #take() {
    const typed = this.#typing.value.split(',').map((word) => word.trim()).filter(Boolean);
    this.#typing.value = '';
    const words = this.#words();
    const fresh = typed.filter((word, at) => ![...words, ...typed.slice(0, at)].some((known) => known.toLowerCase() === word.toLowerCase()));
    if (fresh.length) this.#put([...words, ...fresh].sort((one, other) => one.toLowerCase().localeCompare(other.toLowerCase())));
    this.#typing.focus();
  }

  #key(event) {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      this.#take();
    } else if (event.key === 'Backspace' && !this.#typing.value && this.#words().length) {
      event.preventDefault();
      this.#put(this.#words().slice(0, -1));
      this.#typing.focus();
    }
  }

  #draw() {
    const focused = document.activeElement === this.#typing;
    const toks = this.#words().map((word) => {
      const off = node('button', '', { type: 'button', 'aria-label': `Remove ${word}` }, icon('x'));
      off.addEventListener('click', () => { this.#put(this.#words().filter((other) => other !== word)); this.#typing.focus(); });
      off.disabled = this.#typing.disabled;
      return node('span', 'tok', { dir: 'auto' }, word, off);
    });
    this.#box.replaceChildren(...toks, this.#typing);
    if (focused) this.#typing.focus();
  }
}

customElements.define('ld-tags', Tags);
