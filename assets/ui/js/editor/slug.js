// Whether an address is free, said while it is typed. Saving and publishing check it again.

import { h, icon, idOf } from './dom.js';
import { ask } from './transport.js';

const PAUSE = 300;

/** Watches the address field of an editor. `editor` is the `<ld-editor>`. */
export function slugCheck(editor) {
  const control = editor.root.querySelector('[name="@slug"]');
  if (!control) return;
  const note = h('p', { class: 'hint warn taken', role: 'status', hidden: true });
  control.closest('.f').append(note);
  let timer = 0;
  let request = null;
  const say = (...words) => {
    note.replaceChildren(...words);
    note.hidden = words.length === 0;
    const ids = new Set((control.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean));
    if (words.length) ids.add(idOf(note));
    else ids.delete(idOf(note));
    if (ids.size) control.setAttribute('aria-describedby', [...ids].join(' '));
    else control.removeAttribute('aria-describedby');
  };
  const check = async () => {
    request?.abort();
    const slug = control.value.trim();
    if (!slug) {
      say();
      return;
    }
    request = new AbortController();
    const query = new URLSearchParams({ slug, ...(editor.entry === 'new' ? {} : { entry: editor.entry }) });
    try {
      const { status, body } = await ask('GET', `/admin/c/${encodeURIComponent(editor.dataset.type)}/slug?${query}`, { signal: request.signal, patience: 5000 });
      if (status !== 200 || control.value.trim() !== slug) return;
      if (!body.problem) say();
      else say(icon('triangle-alert', 'sm'), h('span', {}, body.problem, ...(body.rival ? [' It is ', h('a', { href: body.rival.href, target: '_blank', rel: 'noopener' }, body.rival.title), '.'] : [])));
    } catch {
      // Not known now; saving tells.
    }
  };
  control.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
  // What a merge or the title set is free already.
  control.addEventListener('ld-set', () => {
    clearTimeout(timer);
    request?.abort();
    say();
  });
  editor.signal.addEventListener('abort', () => {
    clearTimeout(timer);
    request?.abort();
  });
}
