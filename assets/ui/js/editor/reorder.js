// Moving elements of a list: by dragging the handle, and by keyboard with every step said aloud.

import Sortable from 'sortablejs/modular/sortable.core.esm.js';
import { announce } from './dom.js';

/** Makes the children of `list` sortable by their `.ed-grip`. `names(item)` is what is said, `drop(item, after)` is
 *  called with the element and the one before it (or null) once it has its place; the DOM is back as it was then. */
export function reorderable(list, { item: selector, names, drop }) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const items = () => [...list.children].filter((child) => child.matches(selector));
  let from = null;
  Sortable.create(list, {
    handle: '.ed-grip',
    draggable: selector,
    animation: still ? 0 : 180,
    onStart: ({ item }) => { from = item.nextElementSibling; },
    onEnd: ({ item }) => {
      const after = before(item, selector);
      const moved = item.nextElementSibling !== from;
      list.insertBefore(item, from);
      if (moved) drop(item, after);
    },
  });

  let lifted = null;
  let moving = false;
  const say = (item, what = '') => {
    const all = items();
    announce(`${what}${names(item)}, position ${all.indexOf(item) + 1} of ${all.length}`);
  };
  const place = (item, next) => {
    list.insertBefore(item, next);
    item.scrollIntoView({ block: 'nearest', behavior: still ? 'auto' : 'smooth' });
    item.querySelector('.ed-grip').focus();
  };
  const settle = (cancelled) => {
    const { item, next } = lifted;
    lifted = null;
    const grip = item.querySelector('.ed-grip');
    grip.setAttribute('aria-pressed', 'false');
    item.classList.remove('lifted');
    const after = before(item, selector);
    const moved = item.nextElementSibling !== next;
    if (!moved) return say(item, cancelled ? 'Back: ' : 'Dropped: ');
    place(item, next);
    if (cancelled) return say(item, 'Back: ');
    drop(item, after);
    item.querySelector('.ed-grip').focus();
    return say(item, 'Dropped: ');
  };

  list.addEventListener('keydown', (event) => {
    const grip = event.target.closest('.ed-grip');
    const item = grip?.closest(selector);
    if (!item || item.parentElement !== list) return;
    const { key } = event;
    if (key === 'Enter' || key === ' ') {
      event.preventDefault();
      if (lifted) return settle(false);
      lifted = { item, next: item.nextElementSibling };
      grip.setAttribute('aria-pressed', 'true');
      item.classList.add('lifted');
      return say(item, 'Picked up: ');
    }
    if (!lifted || event.altKey || event.ctrlKey || event.metaKey) return undefined;
    if (key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      return settle(true);
    }
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
    event.preventDefault();
    const other = sibling(item, key === 'ArrowUp' ? 'previousElementSibling' : 'nextElementSibling', selector);
    moving = true;
    if (other) place(item, key === 'ArrowUp' ? other : other.nextElementSibling);
    moving = false;
    return say(item);
  });
  list.addEventListener('focusout', ({ target }) => {
    // Leaving the handle drops what it held; being put elsewhere by an arrow key is no leaving.
    if (lifted && !moving && target.matches('.ed-grip') && lifted.item.contains(target)) {
      queueMicrotask(() => { if (lifted && !lifted.item.contains(document.activeElement)) settle(false); });
    }
  });
}

function sibling(item, way, selector) {
  let other = item[way];
  while (other && !other.matches(selector)) other = other[way];
  return other;
}

function before(item, selector) {
  return sibling(item, 'previousElementSibling', selector);
}
