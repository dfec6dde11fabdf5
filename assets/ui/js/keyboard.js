import { openDialog } from './dialog.js';

// Single keys, outside of inputs only. `<body data-keys="off">` switches them off for people who chose so.
// What a list does with them it hears as the cancelable event `ld:key`.

const WAIT = 1200;
let went = 0;

document.addEventListener('keydown', (event) => {
  if (document.body.dataset.keys === 'off' || event.defaultPrevented || !event.key || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector('dialog:modal, [popover]:popover-open:not(ld-toast)') || writes(event.target)) return;
  const key = event.key.toLowerCase();
  if (Date.now() - went < WAIT) {
    went = 0;
    follow(`[data-go="${CSS.escape(key)}"]`, event);
    return;
  }
  if (key === 'g') went = Date.now();
  else if (key === '?') act(event, () => openDialog('keys'));
  else if (key === 'n') follow('[data-new]', event);
  else if (key === '/') act(event, search);
  else if (!document.dispatchEvent(new CustomEvent('ld:key', { cancelable: true, detail: { key } }))) event.preventDefault();
});

function writes(target) {
  return target.isContentEditable || target.matches?.('select, textarea, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])');
}

function follow(selector, event) {
  const goal = document.querySelector(selector);
  if (goal) act(event, () => goal.click());
}

/** Into the search of the list one is in, else into the one for everything. */
function search() {
  const own = document.querySelector('main [data-search], main input[type="search"]');
  if (own) own.focus();
  else document.querySelector('ld-palette')?.open();
}

function act(event, what) {
  event.preventDefault();
  what();
}

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll('kbd, .kbd')) key.textContent = key.textContent.replace(/Ctrl/g, '⌘').replace(/Alt/g, '⌥');
}
