// <ld-link>: an address field in which pages of this site are found by name. Any other address is pasted or typed.

import { combobox } from './combobox.js';
import { h, icon } from './dom.js';
import { fieldOf, labelOf } from './field.js';
import { badge } from './ref.js';
import { ask } from './transport.js';

/** Whether a text is meant as an address rather than as the name of a page. */
export function isAddress(text) {
  return /^(?:[/#?]|[a-z][a-z0-9+.-]*:|www\.)/i.test(text) || /^\S+\.\S{2,}$/.test(text);
}

/** Pages and posts whose name holds `text`: `[{id, title, path, kind, status, …}]`. */
export async function findPages(text, signal) {
  const { status, body } = await ask('GET', `/admin/find?${new URLSearchParams({ q: text, for: 'link' })}`, { signal });
  if (status !== 200) throw new Error(`the server answered ${status}`);
  return body.filter(({ path }) => path);
}

/** One of them as a choice of a combobox. */
export function pageChoice(page) {
  const { title, path, kind, status, picture } = page;
  return {
    ...page,
    text: title,
    node: h('span', { class: 'ed-opt' }, picture ? h('img', { src: picture, alt: '', width: 32, height: 32 }) : h('span', { class: 'ico' }, icon('file-text')),
      h('span', {}, title || 'Untitled', h('small', {}, `${path}, ${kind}`)), status === 'published' ? null : badge(status)),
  };
}

export class LdLink extends HTMLElement {
  #ready = false;
  #names = new Map();

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.input = this.querySelector('input');
    if (!this.input || this.input.matches(':disabled')) return;
    const label = labelOf(fieldOf(this) ?? this);
    combobox(this.input, {
      label: `Pages for ${label}`, free: true, skip: isAddress, empty: 'No page has that name. An address works too.',
      find: async (text, signal) => (await findPages(text, signal)).map(pageChoice),
      choose: (page) => this.#choose(page),
    });
    this.note = h('p', { class: 'hint where', hidden: true });
    this.append(this.note);
    this.input.addEventListener('input', () => this.#draw());
    this.input.addEventListener('ld-set', () => this.#draw());
    this.#draw();
  }

  #choose(page) {
    this.#names.set(page.path, page.title);
    this.input.value = page.path;
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Says which page was chosen, as long as its address stands there. */
  #draw() {
    const name = this.#names.get(this.input.value);
    this.note.hidden = !name;
    this.note.replaceChildren(...(name ? [icon('file-text', 'sm'), `Leads to “${name}” on this site`] : []));
  }
}
