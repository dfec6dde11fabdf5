// "Ready to publish?" in the details rail, and the list of problems at the button.

import { h, icon } from './dom.js';

/** Draws the lines of GET …/check into `place`; each with a path jumps to its field. */
export function drawChecklist(place, lines, jump) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.path : null;
  place.replaceChildren(...lines.map(({ ok, text, path }) => h('li', {},
    h('span', { class: ok ? 'ok' : 'no' }, icon(ok ? 'check' : 'triangle-alert'), h('span', { class: 'sr' }, ok ? 'Done: ' : 'To do: ')),
    path ? h('a', { href: `#${path}`, 'data-path': path, onclick: (event) => { event.preventDefault(); jump(path); } }, text) : h('span', {}, text))));
  if (focused) place.querySelector(`[data-path="${CSS.escape(focused)}"]`)?.focus();
}

/** Opens the list of what stops publishing, at `button`. `problems` is `{path: [sentences]}`. */
export function openProblems(button, problems, form) {
  document.querySelector('.ed-problems')?.remove();
  const all = Object.entries(problems);
  const total = all.reduce((sum, [, sentences]) => sum + sentences.length, 0);
  const box = h('div', { class: 'menu ed-problems', popover: 'auto', role: 'dialog', 'aria-label': 'What is missing' },
    h('b', { role: 'alert' }, icon('triangle-alert'), total === 1 ? 'One thing is missing before this can go live' : `${total} things are missing before this can go live`),
    h('ul', {}, all.flatMap(([path, sentences]) => sentences.map((sentence) => h('li', {}, h('button', {
      type: 'button', class: 'mi', 'data-path': path, onclick: () => {
        box.hidePopover();
        form.jump(path);
      },
    }, h('span', {}, h('b', {}, form.name(path)), h('small', {}, sentence))))))));
  document.body.append(box);
  box.addEventListener('toggle', ({ newState }) => { if (newState === 'closed') box.remove(); });
  box.showPopover();
  const { bottom, top, right } = button.getBoundingClientRect();
  const { offsetHeight: height, offsetWidth: width } = box;
  const below = bottom + height + 12 <= innerHeight || top < height;
  box.style.top = `${Math.max(8, below ? bottom + 4 : top - height - 4)}px`;
  box.style.left = `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`;
  box.querySelector('.mi')?.focus();
}
