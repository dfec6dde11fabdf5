// <ld-blocks>: the components of a page, the elements of a repeater.

import { announce, h, icon } from './dom.js';
import { contentOf, copied, fill, fromTemplate, furnish, insertOps, setOpen, summaryOf } from './card.js';
import { chooseComponent } from './picker.js';
import { galleryOf } from './gallery.js';
import { openMenu } from './menu.js';
import { newId } from './ops.js';
import { reorderable } from './reorder.js';

const CLIPBOARD = 'larder-component';
const AT_ONCE = 100;

/** Changes by people go out as `ld-perform` (detail: `{ops, label, then}`), which the editor performs and can undo.
 *  Changes by program: `put`, `place`, `take`. After each, `ld-order` is fired. */
export class LdBlocks extends HTMLElement {
  #ready = false;
  #known = new Map();
  #eye = null;
  #components = null;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.list = this.querySelector(':scope > ol') ?? this.appendChild(h('ol'));
    this.picker = this.dataset.kind === 'picker';
    this.gallery = this.picker ? null : galleryOf(this, this.#template());
    this.toggleAttribute('data-files', Boolean(this.gallery));
    this.classList.toggle('small', !this.picker);
    for (const element of this.items()) this.#known.set(element.dataset.id, element);
    this.#eye = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) if (isIntersecting) this.#furnish(target);
    }, { rootMargin: '800px', scrollMargin: '800px' });
    // A long list gets its headers as it comes into view: thousands at once would make opening slow.
    const items = this.items();
    this.classList.toggle('long', items.length > AT_ONCE);
    for (const element of items) {
      if (items.length > AT_ONCE) this.#eye.observe(element);
      else this.#furnish(element);
    }
    this.#foot();
    this.list.addEventListener('click', (event) => this.#click(event));
    this.list.addEventListener('keydown', (event) => this.#key(event));
    reorderable(this.list, {
      item: '.cmp',
      names: (element) => this.nameOf(element),
      drop: (element, after) => this.#move(element, after?.dataset.id ?? null),
    });
    if (this.picker && !this.list.querySelector('.cmp.open') && this.items()[0]) this.open(this.items()[0]);
    this.#changed();
  }

  disconnectedCallback() {
    this.#eye?.disconnect();
  }

  /** The elements in order. */
  items() {
    return [...this.list.children].filter((child) => child.classList.contains('cmp'));
  }

  item(id) {
    return this.#known.get(id) ?? null;
  }

  /** What can be inserted: `{key, name, help, icon, group}`. */
  get components() {
    if (!this.#components) {
      const given = this.querySelector(':scope > script[data-components]') ?? this.closest('form')?.querySelector('script[data-components]');
      const all = given && this.picker ? JSON.parse(given.textContent) : [];
      this.#components = all.filter(({ key }) => this.#template(key));
    }
    return this.#components;
  }

  /** What a person calls an element: its component, or the first words of a repeater's item. */
  nameOf(element) {
    if (this.picker) return this.components.find(({ key }) => key === element.dataset.component)?.name ?? element.dataset.component;
    return `${this.dataset.name || 'Item'} ${summaryOf(element)}`.trim();
  }

  /** How many more elements fit. */
  get room() {
    return this.dataset.max ? Math.max(0, Number(this.dataset.max) - this.list.querySelectorAll(':scope > .cmp').length) : Infinity;
  }

  get full() {
    return this.room === 0;
  }

  /** Whether files of this type may be dropped here. */
  takes(type) {
    return Boolean(this.gallery?.takes(type));
  }

  /** Makes an element for every file, behind the element `after`, or at the end. */
  takeFiles(files, after) {
    this.gallery.take(files, after);
  }

  /** Adds an element made from its template; `after` is the id of the one before it, or null. */
  put({ id, after, component, content }) {
    if (this.item(id)) return this.item(id);
    const template = this.#template(component);
    if (!template) return null;
    const element = fromTemplate(template, id);
    if (component) element.dataset.component = component;
    this.#insert(element, after);
    this.#known.set(id, element);
    this.#furnish(element);
    if (content) fill(element, content);
    setOpen(element, false);
    this.#changed();
    return element;
  }

  /** Moves an element behind another one, or to the front. */
  place(id, after) {
    const element = this.item(id);
    if (!element) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    this.#insert(element, after);
    focused?.focus();
    this.#changed();
  }

  /** Removes an element from the page. */
  take(id) {
    const element = this.item(id);
    if (!element) return;
    const held = element.contains(document.activeElement);
    const next = element.nextElementSibling ?? element.previousElementSibling;
    element.remove();
    this.#known.delete(id);
    if (held) (next?.querySelector('.ed-grip') ?? this.querySelector('.ed-add'))?.focus();
    this.#changed();
  }

  /** The id of the element before, or null. */
  before(id) {
    let element = this.item(id)?.previousElementSibling;
    while (element && !element.classList.contains('cmp')) element = element.previousElementSibling;
    return element?.dataset.id ?? null;
  }

  /** Opens a card and brings it into view. */
  open(element, { focus = false } = {}) {
    this.#furnish(element);
    setOpen(element, true);
    if (focus) {
      element.scrollIntoView({ block: 'nearest' });
      element.querySelector('.body input:not([type=hidden]), .body textarea, .body select, .body [contenteditable=true]')?.focus();
    }
    this.dispatchEvent(new CustomEvent('ld-open', { bubbles: true, detail: element }));
  }

  /** Adds an element at a person's wish, after asking which. */
  async add(after = this.items().at(-1)?.dataset.id ?? null) {
    if (this.full) return;
    let content = { component: undefined, values: {} };
    if (this.picker) {
      const clip = clipboard();
      const { components } = this;
      const paste = components.find(({ key }) => key === clip?.component);
      const key = components.length === 1 && !paste ? components[0].key : await chooseComponent(components, paste?.name);
      if (!key) return;
      content = key === 'paste:' ? copied(clip.content) : { component: key };
    }
    this.#add(content, after, 'Add');
  }

  /** Adds so many elements without content, as one step; returns their ids. */
  addBlank(number, after = this.items().at(-1)?.dataset.id ?? null, label = 'Add') {
    const ids = Array.from({ length: number }, () => newId());
    const blank = this.#blank(undefined, newId());
    const ops = ids.flatMap((id, at) => insertOps(this.dataset.path, id, ids[at - 1] ?? after, copied(blank)));
    if (number > 0) this.#perform(ops, label);
    return ids;
  }

  #add(content, after, verb) {
    const id = newId();
    const full = content.values ? content : this.#blank(content.component, id);
    this.#perform(insertOps(this.dataset.path, id, after, full), `${verb} ${this.#called(content.component)}`);
    this.open(this.item(id), { focus: true });
    announce(`${this.nameOf(this.item(id))}, position ${this.items().indexOf(this.item(id)) + 1} of ${this.items().length}`);
  }

  /** What a new element holds before anyone wrote: the defaults of its template. */
  #blank(component, id) {
    const holder = new LdBlocks();
    holder.dataset.path = this.dataset.path;
    holder.append(h('ol'));
    holder.list = holder.firstElementChild;
    const element = fromTemplate(this.#template(component), id);
    if (component) element.dataset.component = component;
    holder.list.append(element);
    return contentOf(element);
  }

  #called(component) {
    return this.components.find(({ key }) => key === component)?.name ?? 'item';
  }

  #perform(ops, label, then) {
    this.dispatchEvent(new CustomEvent('ld-perform', { bubbles: true, detail: { ops, label, then } }));
  }

  #template(component) {
    return [...this.querySelectorAll(':scope > template')].find((template) => (template.dataset.component ?? '') === (component ?? '')) ?? null;
  }

  #insert(element, after) {
    const before = after ? this.item(after)?.nextElementSibling ?? null : this.list.firstElementChild;
    if (before === element) return;
    // Keeps what is inside alive where the browser can.
    if (element.isConnected && this.list.moveBefore) this.list.moveBefore(element, before);
    else this.list.insertBefore(element, before);
    if (element.dataset.furnished === undefined) this.#eye.observe(element);
  }

  #furnish(element) {
    const component = this.components.find(({ key }) => key === element.dataset.component);
    furnish(element, { name: component?.name ?? (this.picker ? element.dataset.component : this.dataset.name || 'Item'), picture: component?.icon || 'component', picker: this.picker });
    this.gallery?.show(element);
    this.#limit(element);
    this.#eye.unobserve(element);
  }

  #limit(element) {
    for (const button of element.querySelectorAll(':scope > header [data-card=duplicate], :scope > .insert button')) button.disabled = this.full;
  }

  #foot() {
    this.button = h('button', { type: 'button', class: 'btn ed-add', onclick: () => this.add() }, icon('plus'), this.picker ? 'Add component' : `Add ${this.dataset.name || 'item'}`);
    this.note = h('p', { class: 'hint ed-count' });
    for (const old of this.querySelectorAll(':scope > button[name="do"]')) old.remove();
    const adds = this.gallery ? h('div', { class: 'ed-adds' }, this.button, this.gallery.button, this.gallery.input) : this.button;
    this.append(adds, this.note);
  }

  #changed() {
    const number = this.list.querySelectorAll(':scope > .cmp').length;
    const { min, max } = this.dataset;
    this.button.disabled = this.full;
    if (this.gallery) this.gallery.button.disabled = this.full;
    const limits = [max ? `${number} of ${max}${this.full ? ': no more fit here' : ''}` : '', min && number < Number(min) ? `at least ${min} are needed` : ''];
    this.note.textContent = limits.filter(Boolean).join(', ');
    this.note.hidden = !this.note.textContent;
    if (this.wasFull !== this.full) {
      this.wasFull = this.full;
      for (const element of this.items()) if (element.dataset.furnished !== undefined) this.#limit(element);
    }
    this.dispatchEvent(new CustomEvent('ld-order', { bubbles: true }));
  }

  #click(event) {
    const button = event.target.closest('[data-card]');
    const element = (button ?? event.target).closest('.cmp');
    if (!element || element.parentElement !== this.list) return;
    if (!button) {
      if (event.target.closest('header') && !event.target.closest('button')) this.#toggle(element);
      return;
    }
    event.preventDefault();
    const act = { toggle: () => this.#toggle(element), insert: () => this.add(element.dataset.id), more: () => this.#more(button, element) };
    (act[button.dataset.card] ?? (() => this.act(button.dataset.card, element)))();
  }

  #toggle(element) {
    if (element.classList.contains('open')) setOpen(element, false);
    else this.open(element);
  }

  /** What the buttons, keys and the menu of a card do: up, down, duplicate, copy, remove. */
  act(what, element) {
    const { id } = element.dataset;
    const items = this.items();
    const at = items.indexOf(element);
    const acts = {
      up: () => at > 0 && this.#move(element, items[at - 2]?.dataset.id ?? null),
      down: () => at < items.length - 1 && this.#move(element, items[at + 1].dataset.id),
      duplicate: () => !this.full && this.#add(copied(contentOf(element)), id, 'Duplicate'),
      copy: () => {
        localStorage.setItem(CLIPBOARD, JSON.stringify({ component: element.dataset.component, content: contentOf(element) }));
        announce(`${this.nameOf(element)} copied. Paste it on any page with Insert here.`);
      },
      remove: () => this.#perform([{ op: 'remove', list: this.dataset.path, id }], `Remove ${this.nameOf(element)}`, 'removed'),
    };
    acts[what]?.();
  }

  #more(button, element) {
    const items = this.items();
    const does = (text, what, picture, disabled, danger) => ({ text, icon: picture, disabled, danger, act: () => this.act(what, element) });
    openMenu(button, [
      does('Move up', 'up', 'arrow-up', element === items[0]),
      does('Move down', 'down', 'arrow-down', element === items.at(-1)),
      does('Duplicate', 'duplicate', 'copy', this.full),
      ...(this.picker ? [does('Copy for another page', 'copy', 'clipboard')] : []),
      does('Remove', 'remove', 'trash-2', false, true),
    ]);
  }

  #move(element, after) {
    const { id } = element.dataset;
    if (this.before(id) === after) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    this.#perform([{ op: 'move', list: this.dataset.path, id, after }], `Move ${this.nameOf(element)}`);
    focused?.focus();
    element.scrollIntoView({ block: 'nearest' });
    announce(`${this.nameOf(element)}, position ${this.items().indexOf(element) + 1} of ${this.items().length}`);
  }

  #key(event) {
    const element = event.target.closest('.cmp');
    if (!element || element.parentElement !== this.list || event.defaultPrevented) return;
    const control = event.ctrlKey || event.metaKey;
    const what = event.altKey && !control ? { ArrowUp: 'up', ArrowDown: 'down' }[event.key] : control && !event.altKey && event.key.toLowerCase() === 'd' ? 'duplicate' : undefined;
    if (!what) return;
    // In a repeater inside a component the innermost element is meant.
    event.preventDefault();
    event.stopPropagation();
    this.act(what, element);
  }
}

function clipboard() {
  try {
    return JSON.parse(localStorage.getItem(CLIPBOARD));
  } catch {
    return null;
  }
}
