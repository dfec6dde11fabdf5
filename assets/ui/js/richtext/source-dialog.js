import { ask, field } from './dialog.js';
import { make } from './dom.js';
import { WORDS } from './words.js';

/** Lets a person edit HTML source; resolves to the new source, or null when cancelled. */
export function askForSource(html) {
  const control = make('textarea', { class: 'in rt-source-edit', rows: '14', spellcheck: 'false', dir: 'ltr' });
  control.value = html;
  return ask({
    title: WORDS.htmlTitle,
    content: [field(WORDS.htmlTitle, control, WORDS.htmlHint).element],
    action: WORDS.apply,
    answer: () => control.value.trim(),
    wide: true,
  });
}
