// <ld-ref>: links to other entries, chosen by name. The value is the selected options of its <select>, in their order.

import { announce, h, icon } from './dom.js';
import { combobox } from './combobox.js';
import { fieldOf, labelOf } from './field.js';
import { reorderable } from './reorder.js';
import { createInSheet } from './sheet.js';
import { ask } from './transport.js';

const LOOKS = { published: ['pub', 'circle-check', 'Published'], draft: ['drf', 'pencil', 'Draft'], changed: ['chg', 'pencil', 'Unpublished changes'], scheduled: ['sch', 'clock', 'Scheduled'], archived: ['arc', 'folder', 'Archived'] };

/** A badge with icon and word for a status. */
export function badge(status) {
  const [look, picture, text] = LOOKS[status] ?? LOOKS.draft;
  return h('span', { class: `bdg ${look}` }, icon(picture), text);
}

export class LdRef extends HTMLElement {
  #ready = false;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.select = this.querySelector('select[name]');
    if (!this.select) return; // Plain inputs stay what they are.
    this.many = this.select.multiple;
    this.select.hidden = true;
    const label = labelOf(fieldOf(this) ?? this);
    this.list = h('ol', { class: 'ed-refs', 'aria-label': `Chosen for ${label}` });
    this.input = h('input', { class: 'in', type: 'text', 'aria-label': `Search ${label}`, placeholder: 'Type a name' });
    const create = this.dataset.schema && this.dataset.create !== '0' && h('button', { type: 'button', class: 'btn s', onclick: () => this.#create() }, icon('plus', 'sm'), 'Create new');
    this.append(this.list, h('div', { class: 'ed-combo' }, this.input), h('div', { class: 'acts2' }, create || null));
    combobox(this.input, { find: (text, signal) => this.#find(text, signal), choose: (item) => this.#choose(item), empty: 'No entry has that name' });
    if (this.many) reorderable(this.list, { item: 'li', names: (item) => item.dataset.title, drop: (item, after) => this.#order(item, after) });
    this.select.addEventListener('ld-set', () => this.draw());
    this.list.addEventListener('click', (event) => this.#click(event));
    this.draw();
  }

  get chosen() {
    return [...this.select.options].filter((option) => option.selected && option.value);
  }

  draw() {
    const rows = this.chosen.map((option) => {
      const { status, picture, href } = option.dataset;
      return h('li', { 'data-value': option.value, 'data-title': option.text },
        this.many ? h('button', { type: 'button', class: 'g ed-grip', 'aria-label': `Move ${option.text}`, 'aria-pressed': 'false' }, icon('grip-vertical')) : null,
        picture ? h('img', { src: picture, alt: '', width: 32, height: 32, loading: 'lazy' }) : h('span', { class: 'ico' }, icon('file-text')),
        href ? h('a', { href, target: '_blank', rel: 'noopener' }, option.text) : h('span', {}, option.text),
        status && status !== 'published' ? badge(status) : null,
        h('span', { class: 'acts' },
          this.many ? h('button', { type: 'button', class: 'btn g sq s', 'data-do': 'up', 'aria-label': `Move ${option.text} up` }, icon('arrow-up', 'sm')) : null,
          this.many ? h('button', { type: 'button', class: 'btn g sq s', 'data-do': 'down', 'aria-label': `Move ${option.text} down` }, icon('arrow-down', 'sm')) : null,
          h('button', { type: 'button', class: 'btn g sq s', 'data-do': 'remove', 'aria-label': `Remove ${option.text}` }, icon('x', 'sm'))));
    });
    this.list.replaceChildren(...rows);
    this.list.hidden = rows.length === 0;
    const hidden = this.chosen.filter(({ dataset }) => dataset.status === 'draft' || dataset.status === 'archived');
    this.querySelector(':scope > .hint')?.remove();
    if (hidden.length > 0) this.append(h('p', { class: 'hint warn' }, icon('triangle-alert', 'sm'), `${hidden.map(({ text }) => `“${text}”`).join(', ')} ${hidden.length === 1 ? 'is' : 'are'} not published, so the site does not show ${hidden.length === 1 ? 'it' : 'them'} yet.`));
    this.input.placeholder = !this.many && rows.length ? 'Type a name to replace it' : 'Type a name';
  }

  async #find(text, signal) {
    const query = new URLSearchParams({ q: text, for: 'reference', schema: this.dataset.schema ?? '' });
    const { status, body } = await ask('GET', `/admin/find?${query}`, { signal });
    if (status !== 200) throw new Error(`the server answered ${status}`);
    const taken = new Set(this.chosen.map((option) => option.value));
    return body.filter(({ id }) => !taken.has(String(id))).map((found) => ({
      ...found,
      text: found.title,
      node: h('span', { class: 'ed-opt' }, found.picture ? h('img', { src: found.picture, alt: '', width: 32, height: 32 }) : h('span', { class: 'ico' }, icon('file-text')),
        h('span', {}, found.title || 'Untitled', h('small', {}, found.path || found.type || '')), badge(found.status)),
    }));
  }

  #choose({ id, title, status, picture, path }) {
    let option = [...this.select.options].find(({ value }) => value === String(id));
    option ??= new Option(title || 'Untitled', id);
    Object.assign(option.dataset, { status: status ?? 'published', ...(picture ? { picture } : {}), ...(path?.startsWith('/admin/') ? { href: path } : {}) });
    if (!this.many) for (const other of this.select.options) other.selected = false;
    this.select.append(option);
    option.selected = true;
    this.input.value = '';
    this.#changed(`${option.text} chosen`);
  }

  async #create() {
    const made = await createInSheet(this.dataset.schema, this.input.value.trim());
    if (made) this.#choose({ status: 'draft', ...made });
    this.input.focus();
  }

  #click(event) {
    const button = event.target.closest('[data-do]');
    if (!button) return;
    const item = button.closest('li');
    const what = button.dataset.do;
    if (what === 'remove') {
      this.chosen.find(({ value }) => value === item.dataset.value).selected = false;
      this.#changed(`${item.dataset.title} removed`);
      this.input.focus();
      return;
    }
    const after = what === 'up' ? item.previousElementSibling?.previousElementSibling : item.nextElementSibling;
    if (what === 'up' ? !item.previousElementSibling : !after) return;
    this.#order(item, after);
    this.list.querySelector(`[data-value="${CSS.escape(item.dataset.value)}"] [data-do=${what}]`)?.focus();
  }

  #order(item, after) {
    const option = this.chosen.find(({ value }) => value === item.dataset.value);
    const before = after && this.chosen.find(({ value }) => value === after.dataset.value);
    if (before) before.after(option);
    else this.select.prepend(option);
    const at = this.chosen.indexOf(option) + 1;
    this.#changed(`${option.text}, position ${at} of ${this.chosen.length}`);
    this.list.querySelector(`[data-value="${CSS.escape(option.value)}"] .ed-grip`)?.focus();
  }

  #changed(words) {
    this.draw();
    announce(words);
    this.select.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
