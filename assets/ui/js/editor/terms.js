// <ld-terms data-kind="category|tag">: chosen by typing; what does not exist yet is made.

import { toast } from '../toast.js';
import { announce, h, icon } from './dom.js';
import { combobox } from './combobox.js';
import { fieldOf, labelOf } from './field.js';
import { ask, sentenceOf } from './transport.js';

export class LdTerms extends HTMLElement {
  #ready = false;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.select = this.querySelector('select[name]');
    if (!this.select) return;
    this.select.hidden = true;
    const label = labelOf(fieldOf(this) ?? this);
    this.input = h('input', { type: 'text', placeholder: 'Add…', 'aria-label': `Add to ${label}` });
    this.box = h('div', { class: 'toks ed-combo' }, this.input);
    this.append(this.box);
    combobox(this.input, { find: async (text) => this.#find(text), choose: (item) => this.#choose(item), empty: 'Type a name to make a new one' });
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Backspace' && !this.input.value) this.#remove(this.chosen.at(-1));
    });
    this.select.addEventListener('ld-set', () => this.draw());
    this.box.addEventListener('click', (event) => {
      const button = event.target.closest('[data-value]');
      if (button) this.#remove(this.chosen.find(({ value }) => value === button.dataset.value));
    });
    this.draw();
  }

  get chosen() {
    return [...this.select.options].filter((option) => option.selected && option.value);
  }

  draw() {
    for (const token of this.box.querySelectorAll('.tok')) token.remove();
    this.box.prepend(...this.chosen.map((option) => h('span', { class: 'tok' }, option.text,
      h('button', { type: 'button', 'data-value': option.value, 'aria-label': `Remove ${option.text}` }, icon('x')))));
  }

  #find(text) {
    const wanted = text.toLowerCase();
    const known = [...this.select.options].filter((option) => option.value && !option.selected && option.text.toLowerCase().includes(wanted))
      .slice(0, 50).map((option) => ({ id: option.value, text: option.text }));
    const exists = [...this.select.options].some((option) => option.text.toLowerCase() === wanted);
    return text && !exists ? [...known, { id: '', text, node: h('span', {}, icon('plus', 'sm'), ` Create “${text}”`) }] : known;
  }

  async #choose({ id, text }) {
    this.input.value = '';
    const value = id || await this.#create(text);
    if (!value) return;
    const option = [...this.select.options].find((known) => known.value === String(value)) ?? this.select.appendChild(new Option(text, value));
    this.select.append(option);
    option.selected = true;
    this.#changed(`${text} added`);
  }

  async #create(name) {
    try {
      const { status, body } = await ask('POST', '/admin/terms', { body: { kind: this.dataset.kind, name } });
      if (status === 200 || status === 201) return body.id;
      toast({ kind: 'error', title: `“${name}” was not made`, detail: sentenceOf(body) ?? `The server answered ${status}.` });
    } catch {
      toast({ kind: 'error', title: `“${name}” was not made`, detail: 'The server does not answer. Try again in a moment.' });
    }
    this.input.value = name;
    return null;
  }

  #remove(option) {
    if (!option) return;
    option.selected = false;
    this.#changed(`${option.text} removed`);
    this.input.focus();
  }

  #changed(words) {
    this.draw();
    announce(words);
    this.select.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
