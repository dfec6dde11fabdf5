// A code block with the menu of its language.

import { LANGUAGES } from './allow.js';
import { make } from './dom.js';
import { WORDS } from './words.js';

export function codeBlockView({ node, editor, getPos }) {
  let current = node;
  const menu = make('select', { class: 'rt-language', 'aria-label': WORDS.language, contenteditable: 'false' });
  const contentDOM = make('code', { spellcheck: 'false', dir: 'ltr' });
  const dom = make('div', { class: 'rt-code' }, menu, make('pre', {}, contentDOM));

  const show = () => {
    const language = current.attrs.language ?? '';
    const known = LANGUAGES.some(([value]) => value === language);
    const choices = known ? LANGUAGES : [...LANGUAGES, [language, language]];
    menu.replaceChildren(...choices.map(([value, label]) => make('option', { value }, label)));
    menu.value = language;
    menu.disabled = !editor.isEditable;
  };
  menu.addEventListener('change', () => {
    editor.chain().command(({ tr }) => {
      tr.setNodeMarkup(getPos(), null, { language: menu.value || null });
      return true;
    }).run();
    editor.view.focus();
  });
  show();

  return {
    dom,
    contentDOM,
    update: (next) => {
      if (next.type !== current.type) return false;
      const changed = next.attrs.language !== current.attrs.language;
      current = next;
      if (changed) show();
      return true;
    },
    stopEvent: (event) => event.target === menu,
    ignoreMutation: (mutation) => !contentDOM.contains(mutation.target),
  };
}
