// The outline beside the form: the page's components in order, to jump to and to reorder.

import { h, icon } from './dom.js';
import { reorderable } from './reorder.js';

/** Keeps the list in `place` (`[data-outline]`) in step with the page's first component picker. */
export function outline(place, form) {
  const list = place.querySelector('ul') ?? place.appendChild(h('ul'));
  const blocks = () => [...form.root.querySelectorAll('ld-blocks[data-kind=picker]')].find((found) => !found.parentElement.closest('ld-blocks'));
  let waiting = false;
  let drawn = '';

  const draw = () => {
    waiting = false;
    const source = blocks();
    if (!source?.list) return;
    // Drawing while someone moves a line would take it from under their hands.
    if (list.querySelector('.lifted, .sortable-chosen')) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.closest('li').dataset.id : null;
    const grip = document.activeElement?.matches('.ed-grip');
    const items = source.items();
    const key = JSON.stringify(items.map((element) => [element.dataset.id, source.nameOf(element), element.classList.contains('open'), Boolean(element.querySelector('[aria-invalid=true]'))]));
    // Drawn anew only for a reason: what has the focus would be another element afterwards.
    if (key === drawn) return;
    drawn = key;
    list.replaceChildren(...items.map((element) => {
      const name = source.nameOf(element);
      const { icon: picture } = source.components.find(({ key }) => key === element.dataset.component) ?? {};
      const wrong = element.querySelector('[aria-invalid=true]');
      return h('li', { 'data-id': element.dataset.id, class: element.classList.contains('open') ? 'on' : undefined },
        h('button', { type: 'button', class: 'g ed-grip', 'aria-label': `Move ${name}`, 'aria-pressed': 'false' }, icon('grip-vertical', 'sm')),
        h('button', { type: 'button', 'data-go': '', onclick: () => go(element) },
          h('span', { class: 'ic' }, icon(picture || 'component')), h('span', { class: 't' }, name),
          wrong ? h('span', { class: 'w', title: 'Needs attention' }, icon('triangle-alert', 'sm'), h('span', { class: 'sr' }, ', needs attention')) : null));
    }));
    const count = place.querySelector('h2 .n');
    const most = source.dataset.max;
    if (count) count.textContent = most ? `${items.length} of ${most}` : String(items.length);
    if (focused) list.querySelector(`li[data-id="${CSS.escape(focused)}"] ${grip ? '.ed-grip' : '[data-go]'}`)?.focus();
  };
  const go = (element) => {
    const source = blocks();
    for (const line of list.children) line.classList.toggle('on', line.dataset.id === element.dataset.id);
    source.open(element, { focus: true });
    element.scrollIntoView({ block: 'start' });
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(draw);
  };

  reorderable(list, {
    item: 'li',
    names: (item) => item.querySelector('.t').textContent,
    drop: (item, after) => {
      const source = blocks();
      const ops = [{ op: 'move', list: source.dataset.path, id: item.dataset.id, after: after?.dataset.id ?? null }];
      source.dispatchEvent(new CustomEvent('ld-perform', { bubbles: true, detail: { ops, label: 'Move' } }));
      // The line has to have its new place before focus goes back to it.
      draw();
      list.querySelector(`li[data-id="${CSS.escape(item.dataset.id)}"] .ed-grip`)?.focus();
    },
  });
  place.querySelector('.add')?.addEventListener('click', () => blocks()?.add());
  form.root.addEventListener('ld-order', soon);
  form.root.addEventListener('ld-open', soon);
  form.root.addEventListener('ld-problems', soon);
  draw();
}
