// Where a link leads: a page of this site, found by its name, or any address.

import { asAddress, safeAddress } from './allow.js';
import { ask, field, tick } from './dialog.js';
import { make, newId } from './dom.js';
import { WORDS } from './words.js';

const PAUSE = 150;

/**
 * Asks for a link. `link` is `{ href, text, newTab }`; `withText` shows the text to be linked.
 * Resolves to the same shape, or null when cancelled.
 */
export function askForLinkTarget(link, withText) {
  const address = make('input', {
    class: 'in', type: 'text', role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', spellcheck: 'false',
  });
  const text = make('input', { class: 'in', type: 'text' });
  address.value = link.href ?? '';
  text.value = link.text ?? '';
  const newTab = tick(WORDS.linkNewTab, link.newTab);
  const addressField = field(WORDS.linkAddress, address, WORDS.linkHint);
  const results = pageResults(address, (page) => {
    if (!text.value) text.value = page.title;
  });
  addressField.element.append(results);
  return ask({
    title: WORDS.linkTitle,
    content: [addressField.element, withText ? field(WORDS.linkText, text).element : null, newTab.element],
    action: WORDS.apply,
    answer() {
      const href = asAddress(address.value);
      if (!href || /\s/.test(href)) return addressField.refuse(WORDS.linkNeedsAddress);
      if (!safeAddress(href)) return addressField.refuse(WORDS.linkRefused);
      return { href, text: text.value.trim() || address.value.trim(), newTab: newTab.control.checked };
    },
  });
}

/** The listbox under the address: pages of this site by name, chosen with the arrow keys and Enter. */
function pageResults(input, onChoose) {
  const list = make('div', { class: 'opts', role: 'listbox', id: newId('rt-pages'), 'aria-label': WORDS.linkAddress, tabindex: '0' });
  const count = make('p', { class: 'hint', role: 'status' });
  const box = make('div', { class: 'rt-results' }, list, count);
  list.hidden = true;
  input.setAttribute('aria-controls', list.id);
  let pages = [];
  let current = -1;
  let timer = 0;
  let request = null;

  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (page) => {
    input.value = page.path;
    onChoose(page);
    close();
    input.focus();
  };
  const mark = () => {
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === current)));
    input.setAttribute('aria-activedescendant', list.children[current]?.id ?? '');
    list.children[current]?.scrollIntoView({ block: 'nearest' });
  };
  const show = () => {
    current = -1;
    list.replaceChildren(...pages.map((page) => make('div', { role: 'option', id: newId('rt-page'), 'aria-selected': 'false', onclick: () => choose(page) },
      make('span', {}, page.title, make('small', {}, [page.path, page.kind, page.status].filter(Boolean).join(' · '))))));
    list.hidden = pages.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    count.textContent = WORDS.pagesFound(pages.length);
  };
  const search = async (query) => {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`/admin/find?q=${encodeURIComponent(query)}&for=link`, { signal: request.signal, headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      pages = await answer.json();
      show();
    } catch (error) {
      if (error.name === 'AbortError') return;
      close();
      count.textContent = WORDS.linkSearchFailed;
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query.length < 2 || /^(?:[/#]|[a-z]+:|www\.)/i.test(query)) {
      request?.abort();
      count.textContent = '';
      close();
    } else timer = setTimeout(search, PAUSE, query);
  });
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      current = (current + step + pages.length) % pages.length;
      mark();
    } else if (event.key === 'Enter' && current >= 0) choose(pages[current]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return box;
}
