import { announce } from './announce.js';

// `data-copy="text"` copies the text, `data-copy-from="id"` the text or value of that element.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy], [data-copy-from]');
  if (!button) return;
  event.preventDefault();
  const source = document.getElementById(button.dataset.copyFrom ?? '');
  const copied = await copy(button.dataset.copy ?? source?.value ?? source?.textContent ?? '');
  const said = copied ? 'Copied' : 'Could not copy, please select the text';
  announce(said);
  const label = button.querySelector('[data-label]');
  if (!label) return;
  button.dataset.was ??= label.textContent;
  label.textContent = said;
  setTimeout(() => { label.textContent = button.dataset.was; }, 2000);
});

/** Copies a text; tells whether it worked. Browsers refuse the clipboard to addresses without https. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelecting(text);
  }
}

function copyBySelecting(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr';
  const focused = document.activeElement;
  (document.querySelector('dialog:modal') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return copied;
}
