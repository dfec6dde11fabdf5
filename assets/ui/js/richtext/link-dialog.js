// Where a link leads: a page of this site, found by its name, or any address.

import { combobox } from '../editor/combobox.js';
import { findPages, isAddress, pageChoice } from '../editor/link.js';
import { asAddress, safeAddress } from './allow.js';
import { ask, field, tick } from './dialog.js';
import { make } from './dom.js';
import { WORDS } from './words.js';

/**
 * Asks for a link. `link` is `{ href, text, newTab }`; `withText` shows the text to be linked.
 * Resolves to the same shape, or null when cancelled.
 */
export function askForLinkTarget(link, withText) {
  const address = make('input', { class: 'in', type: 'text', spellcheck: 'false' });
  const text = make('input', { class: 'in', type: 'text' });
  address.value = link.href ?? '';
  text.value = link.text ?? '';
  const newTab = tick(WORDS.linkNewTab, link.newTab);
  const addressField = field(WORDS.linkAddress, address, WORDS.linkHint);
  const box = make('div', { class: 'ed-combo' });
  address.before(box);
  box.append(address);
  combobox(address, {
    label: WORDS.linkAddress, free: true, skip: isAddress, empty: WORDS.pagesNone,
    find: async (query, signal) => (await findPages(query, signal)).map(pageChoice),
    choose: (page) => {
      address.value = page.path;
      if (!text.value) text.value = page.title;
    },
  });
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
