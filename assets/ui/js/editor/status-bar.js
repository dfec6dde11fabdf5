// The bar below a post: how long it is, where the caret is, and where the text is kept.

import { fieldOf, labelOf } from './field.js';

const BLOCKS = [
  ['table', 'table'], ['figure', 'picture'], ['codeBlock', 'code block'], ['blockquote', 'quote'], ['listItem', 'list'],
];

/** Keeps `[data-status-bar]` of an editor true, and the reading time beside the author. */
export function statusBar({ scope, queue, device, signal }) {
  const bar = scope.querySelector('[data-status-bar]');
  if (!bar) return;
  const [words, caret, kept] = ['words', 'caret', 'kept'].map((name) => bar.querySelector(`[data-${name}]`));
  const count = (detail) => {
    const { words: number, minutes } = detail;
    words.textContent = `${number.toLocaleString('en')} ${number === 1 ? 'word' : 'words'}`;
    words.title = minutes ? reading(minutes) : '';
    for (const place of scope.querySelectorAll('[data-minutes]')) place.textContent = minutes ? `, ${reading(minutes)}` : '';
  };
  const text = scope.querySelector('ld-richtext');
  scope.addEventListener('ld:words', ({ detail }) => count(detail), { signal });
  if (text?.editor) count(text.words);

  let frame = 0;
  document.addEventListener('selectionchange', () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const place = placeOf(document.activeElement, scope);
      if (place) caret.textContent = place;
    });
  }, { signal });

  const keep = () => { kept.textContent = whereKept(queue, device.blocked); };
  queue.addEventListener('state', keep);
  keep();
}

function reading(minutes) {
  return `${minutes} minute read`;
}

/** "Text", "Text, heading 2", "Summary"; null outside the form. */
function placeOf(element, scope) {
  const field = element && scope.contains(element) && fieldOf(element);
  if (!field) return null;
  const name = labelOf(field);
  const editor = element.closest('ld-richtext')?.editor;
  if (!editor) return name;
  if (editor.isActive('heading')) return `${name}, heading ${editor.getAttributes('heading').level}`;
  const block = BLOCKS.find(([type]) => editor.isActive(type));
  return block ? `${name}, ${block[1]}` : name;
}

/** Where what is written can be found again. */
export function whereKept(queue, blocked) {
  if (queue.failing) return blocked ? 'Not kept: keep this tab open' : 'Draft kept on this device, not on the server yet';
  return blocked ? 'Draft kept on the server' : 'Draft kept on this device and on the server';
}
