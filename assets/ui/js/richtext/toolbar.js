// The bar above the text: one button for each format the field allows.

import { icon } from '../icon.js';
import { ACTIONS } from './actions.js';
import { Bar } from './bar.js';
import { make, newId } from './dom.js';
import { WORDS } from './words.js';

const STYLES = ['paragraph', 'h2', 'h3', 'h4'];
const GROUPS = [
  ['bold', 'italic', 'strike', 'code', 'link'],
  ['bullets', 'numbers', 'quote', 'codeblock', 'callout'],
  ['image', 'table', 'embed', 'rule'],
  ['undo', 'redo'],
];
const KEYS = { bold: 'Ctrl B', italic: 'Ctrl I', link: 'Ctrl Shift K', bullets: 'Ctrl Shift 8', numbers: 'Ctrl Shift 7' };
const ALWAYS = new Set(['paragraph', 'undo', 'redo']);

/** The toolbar of one `<ld-richtext>`. */
export function toolbar(richtext) {
  const allowed = (name) => ALWAYS.has(name) || richtext.formats.has(name);
  const styles = STYLES.filter(allowed);
  const menu = styles.length > 1 ? styleMenu(richtext, styles) : null;
  const groups = GROUPS.map((group) => group.filter(allowed).map((name) => ({ key: KEYS[name], ...ACTIONS[name], name })));
  const entries = [...(menu ? [[menu.dom]] : []), ...groups].filter((group) => group.length);
  const bar = new Bar(richtext, WORDS.toolbar, 'tb', entries.flatMap((group, index) => (index ? [null, ...group] : group)));
  return {
    dom: bar.dom,
    bar,
    update() {
      bar.update();
      menu?.update();
    },
  };
}

function styleMenu(richtext, styles) {
  const id = newId('rt-styles');
  const name = make('span', {}, WORDS.paragraph);
  const button = make('button', { type: 'button', class: 'sty', tabindex: '-1', popovertarget: id, 'aria-haspopup': 'menu' }, name, icon('chevron-down', 'sm'));
  const items = styles.map((style) => make('button', {
    type: 'button', role: 'menuitemradio', tabindex: '-1', 'data-name': style, onclick: () => ACTIONS[style].run(richtext),
  }, icon(ACTIONS[style].icon), WORDS[style], make('span', { class: 'tick' }, icon('check', 'sm'))));
  const menu = make('div', { class: 'menu', id, role: 'menu', 'aria-label': WORDS.styles, popover: true }, ...items);
  const dom = make('ld-menu', {}, button, menu);
  return {
    dom,
    update() {
      const current = styles.findLast((style) => ACTIONS[style].isOn(richtext.editor));
      const label = WORDS[current ?? 'paragraph'];
      if (name.textContent !== label) name.textContent = label;
      button.setAttribute('aria-label', `${WORDS.styles}: ${label}`);
      for (const item of items) item.setAttribute('aria-checked', String(item.dataset.name === current));
    },
  };
}
