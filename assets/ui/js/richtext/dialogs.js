// The short questions: which picture, what it shows, which embed.

import { icon } from '../icon.js';
import { asAddress } from './allow.js';
import { ask, field, tick } from './dialog.js';
import { make } from './dom.js';
import { embedOf } from './embeds.js';
import { listed, WORDS } from './words.js';

/** Resolves to `{ files }` or `{ address }` of new pictures, to `{ library: true }` for those that are there, or null. */
export function askForNewPicture() {
  const file = make('input', { class: 'in', type: 'file', accept: 'image/*', multiple: true });
  const address = make('input', { class: 'in', type: 'url', spellcheck: 'false' });
  const fileField = field(WORDS.imageFile, file);
  let library = false;
  const choose = make('button', { type: 'button', class: 'btn' }, icon('images'), WORDS.imageLibrary);
  choose.addEventListener('click', () => {
    library = true;
    choose.form.requestSubmit();
  });
  return ask({
    title: WORDS.imageTitle,
    content: [make('div', {}, choose), fileField.element, field(WORDS.imageAddress, address, WORDS.imageAddressHint).element],
    action: WORDS.imageAdd,
    answer() {
      if (library) return { library };
      if (file.files.length) return { files: [...file.files] };
      const typed = asAddress(address.value);
      return /^https?:\/\//i.test(typed) ? { address: typed } : fileField.refuse(WORDS.imageNeedsOne);
    },
  });
}

/** Resolves to `{ alt }`: empty for a decorative picture, null when nothing was said yet. Null when cancelled. */
export function askForAltText(alt) {
  const text = make('textarea', { class: 'in', rows: '2' });
  text.value = alt ?? '';
  const decorative = tick(WORDS.altDecorativeTick, alt === '');
  const sync = () => {
    text.disabled = decorative.control.checked;
  };
  decorative.control.addEventListener('change', sync);
  sync();
  return ask({
    title: WORDS.altTitle,
    content: [field(WORDS.altLabel, text, WORDS.altHint).element, decorative.element],
    action: WORDS.apply,
    answer: () => ({ alt: decorative.control.checked ? '' : text.value.trim() || null }),
  });
}

/** Resolves to the HTML of a frame from one of `providers`, or null. */
export function askForEmbedHtml(providers) {
  const names = listed(providers.map(({ name }) => name));
  const address = make('input', { class: 'in', type: 'url', spellcheck: 'false' });
  const addressField = field(WORDS.embedLabel, address, WORDS.embedHint(names));
  return ask({
    title: WORDS.embedTitle,
    content: [addressField.element],
    action: WORDS.embedAdd,
    answer: () => embedOf(asAddress(address.value), providers) ?? addressField.refuse(WORDS.embedRefused(names)),
  });
}
