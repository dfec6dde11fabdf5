// "Create new" without leaving: the short form of another type in a sheet, saved through its own editor.

import { closed } from '../closed.js';
import { toast } from '../toast.js';
import { h, icon } from './dom.js';

/** Opens the form of `type` in a sheet. Resolves with `{id, title, status}`, or null when nothing was made. */
export async function createInSheet(type, title) {
  const markup = await load(type);
  if (!markup) return null;
  const head = h('h2', { id: 'sheet-title', tabIndex: -1 }, 'Create new');
  const done = h('button', { type: 'button', class: 'btn p' }, 'Use it');
  const box = h('dialog', { class: 'dlg sheet0', 'aria-labelledby': 'sheet-title' },
    h('header', {}, head, h('button', { type: 'button', class: 'btn g sq', 'aria-label': 'Close', onclick: () => box.close('') }, icon('x'))),
    h('div', { class: 'content' }, h('div', { 'data-banners': '' }), markup),
    h('footer', {}, h('span', { 'data-saveline': '', class: 'saved' }), h('span', { class: 'r' }, done)));
  document.body.append(box);
  box.showModal();
  const editor = box.querySelector('ld-editor');
  const first = editor.querySelector('.f[data-path="@title"] :is(input, textarea)') ?? editor.querySelector('input:not([type=hidden]), textarea');
  if (title && first && !first.value) {
    first.value = title;
    first.dispatchEvent(new Event('input', { bubbles: true }));
  }
  first?.focus();
  done.addEventListener('click', async () => {
    done.setAttribute('aria-busy', 'true');
    const saved = await editor.save();
    done.removeAttribute('aria-busy');
    if (saved && editor.entry !== 'new') box.close('used');
    else toast({ kind: 'warn', title: 'Not saved yet', detail: editor.entry === 'new' && saved ? 'Write something first.' : 'The server does not answer. What you wrote is kept; try again in a moment.' });
  });
  await closed(box);
  const made = box.returnValue === 'used' ? { id: editor.entry, title: editor.name, status: 'draft' } : null;
  if (!made) editor.save();
  box.remove();
  return made;
}

/** The `<ld-editor>` of the short form, or null with a message shown. */
async function load(type) {
  try {
    const response = await fetch(`/admin/c/${encodeURIComponent(type)}/new?sheet=1`, { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const editor = response.ok && page.querySelector('ld-editor');
    if (editor) return document.adoptNode(editor);
    toast({ kind: 'error', title: 'The form could not be opened', detail: `The server answered ${response.status}.` });
  } catch {
    toast({ kind: 'error', title: 'The form could not be opened', detail: 'The server does not answer. Try again in a moment.' });
  }
  return null;
}
