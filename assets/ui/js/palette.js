import { csrf } from './csrf.js';
import { openDialog } from './dialog.js';
import { icon } from './icon.js';

// Ctrl K anywhere, or / where no list has a search of its own: one field for everything. After the ARIA pattern of a
// combobox with a listbox. What was chosen last is kept on this device, by address.

const RECENTS = 'larder-recent-';
const KEPT = 6;
const STATUS = { published: 'Published', draft: 'Draft', scheduled: 'Scheduled', changed: 'Unpublished changes', archived: 'Archived' };

class Palette extends HTMLElement {
  #dialog; #input; #list; #count;
  #items = [];
  #at = -1;
  #asking = null;
  #styled = null;

  connectedCallback() {
    this.#dialog = this.querySelector('dialog');
    this.#input = this.querySelector('input');
    this.#list = this.querySelector('[role=listbox]');
    this.#count = this.querySelector('[role=status]');
    this.#input.addEventListener('input', () => this.#ask());
    this.#input.addEventListener('keydown', this.#key);
    this.#list.addEventListener('click', (event) => this.#follow(this.#items[this.#options().indexOf(event.target.closest('[role=option]'))], event));
    // Pointing at one must not take the focus from the field.
    this.#list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#dialog.addEventListener('close', () => this.#asking?.abort());
    document.addEventListener('keydown', this.#open);
    // What one looked at is nothing for whoever signs in here next.
    document.addEventListener('submit', ({ target }) => { if (target.matches('form[data-sign-out]')) this.#forget(); });
    for (const button of document.querySelectorAll('[data-palette]')) button.addEventListener('click', () => this.open());
  }

  #open = (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k';
    if (!wanted || document.querySelector('dialog:modal:not(#palette)')) return;
    event.preventDefault();
    if (this.#dialog.open) this.#dialog.close();
    else this.open();
  };

  /** Its styles, which no page needs on which nobody searches. */
  #style() {
    return this.#styled ??= new Promise((done) => {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: this.dataset.styles, onload: done, onerror: done }));
    });
  }

  async open() {
    await this.#style();
    if (this.#dialog.open) return;
    this.#input.value = '';
    // What is at hand, until the server has answered.
    this.#show([{ label: 'Recent', items: this.#recents() }]);
    this.#dialog.showModal();
    this.#ask();
  }

  async #ask() {
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    const typed = this.#input.value.trim();
    try {
      const response = await fetch(`/admin/palette?q=${encodeURIComponent(typed)}`, {
        headers: { Accept: 'application/json', 'X-CSRF-Token': csrf() }, signal: asking.signal,
      });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const groups = await response.json();
      const recent = typed ? [] : [{ label: 'Recent', items: this.#recents() }];
      this.#show([...recent, ...this.#here(typed), ...groups]);
    } catch {
      if (!asking.signal.aborted) this.#say('The server does not answer. Try again in a moment.');
    }
  }

  /** The fields of the editor one is in. */
  #here(typed) {
    if (!typed || !document.querySelector('ld-editor')) return [];
    const labels = [...document.querySelectorAll('main label[for]')].filter((label) => label.checkVisibility());
    const items = labels.map((label) => ({ title: label.firstChild?.textContent.trim() ?? '', detail: 'Field of this page', icon: 'type', goal: label.htmlFor }));
    return [{ label: 'On this page', items: items.filter(({ title }) => title && title.toLowerCase().includes(typed.toLowerCase())).slice(0, 6) }];
  }

  #show(groups) {
    const shown = groups.filter(({ items }) => items.length);
    this.#items = shown.flatMap(({ items }) => items);
    let number = 0;
    this.#list.replaceChildren(...shown.map(({ label, items }, at) => {
      const group = element('div', { role: 'group', 'aria-labelledby': `pal-${at}` });
      group.append(element('div', { class: 'pal-label', id: `pal-${at}`, role: 'presentation' }, label), ...items.map((item) => option(item, number++)));
      return group;
    }));
    this.#move(this.#items.length ? 0 : -1);
    const typed = this.#input.value.trim();
    this.#say(this.#items.length ? `${this.#items.length} ${this.#items.length === 1 ? 'result' : 'results'}` : typed ? `Nothing holds “${typed}”` : 'Type to search');
  }

  #say(text) {
    this.#count.textContent = text;
  }

  #options() {
    return [...this.#list.querySelectorAll('[role=option]')];
  }

  #move(at) {
    this.#at = at;
    this.#options().forEach((one, place) => one.setAttribute('aria-selected', String(place === at)));
    const chosen = this.#options()[at];
    if (chosen) this.#input.setAttribute('aria-activedescendant', chosen.id);
    else this.#input.removeAttribute('aria-activedescendant');
    chosen?.scrollIntoView({ block: 'nearest' });
  }

  #key = (event) => {
    const count = this.#items.length;
    if (event.key === 'ArrowDown' && count) this.#move((this.#at + 1) % count);
    else if (event.key === 'ArrowUp' && count) this.#move((this.#at - 1 + count) % count);
    else if (event.key === 'Enter') this.#follow(this.#items[this.#at], event);
    else return;
    event.preventDefault();
  };

  #follow(item, event) {
    if (!item) return;
    if (item.goal) {
      this.#dialog.close();
      document.getElementById(item.goal)?.focus();
    } else if (item.href.startsWith('#')) {
      this.#dialog.close();
      openDialog(item.href.slice(1));
    } else {
      this.#keep(item);
      if (event.ctrlKey || event.metaKey) window.open(item.href, '_blank', 'noopener');
      else location.assign(item.href);
    }
  }

  // A full or forbidden store costs the list of recents and nothing else.
  #recents() {
    try {
      return JSON.parse(localStorage.getItem(RECENTS + this.dataset.user)) ?? [];
    } catch {
      return [];
    }
  }

  #keep({ title, detail, href, icon: sign }) {
    const others = this.#recents().filter((one) => one.href !== href);
    const kept = JSON.stringify([{ title, detail, href, icon: sign }, ...others].slice(0, KEPT));
    try {
      localStorage.setItem(RECENTS + this.dataset.user, kept);
    } catch { /* See above. */ }
  }

  #forget() {
    try {
      localStorage.removeItem(RECENTS + this.dataset.user);
    } catch { /* See above. */ }
  }
}

function option({ title, detail, icon: sign, status }, number) {
  const one = element('div', { class: 'pal-item', role: 'option', id: `pal-item-${number}`, 'aria-selected': 'false' });
  one.append(icon(sign ?? 'file-text'), element('span', { class: 't' }, title));
  const beside = [detail, STATUS[status]].filter(Boolean).join(' · ');
  if (beside) one.append(element('small', {}, beside));
  return one;
}

function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}


customElements.define('ld-palette', Palette);
