// The side column of an editor: the newest history, what the API answers, how a search engine shows it, who wrote it.

import { relative } from '../times.js';

const PAUSE = 1500;

/** Keeps the side column in step with the form. `editor` is the `<ld-editor>`. */
export function rail(editor) {
  const { scope, queue, signal } = editor;
  const history = scope.querySelector('[data-history]');
  const served = scope.querySelector('ld-served');
  let timer = 0;
  const refresh = () => {
    timer = 0;
    if (history && shows(history)) drawHistory(history, editor);
    served?.refresh();
  };
  const soon = () => { timer ||= setTimeout(refresh, PAUSE); };
  queue.addEventListener('answer', soon);
  scope.addEventListener('ld-acted', soon, { signal });
  // A tab that is opened shows what is true now.
  const panel = history?.closest('[role=tabpanel]');
  if (panel) new MutationObserver(refresh).observe(panel, { attributeFilter: ['hidden'] });
  signal.addEventListener('abort', () => clearTimeout(timer));
  if (history && shows(history)) drawHistory(history, editor);
  searchPreview(editor);
  author(editor);
}

function shows(place) {
  return !place.closest('[hidden]');
}

/** Where something of the entry is, in its language. */
function below(editor, what) {
  const { locale } = editor.queue;
  return `${editor.address}/${what}${locale ? `?locale=${encodeURIComponent(locale)}` : ''}`;
}

async function drawHistory(place, editor) {
  if (!editor.address) return;
  try {
    const response = await fetch(below(editor, 'history/brief'), { headers: { Accept: 'text/html' }, redirect: 'error', cache: 'no-store' });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    // Whoever stands on a link there is not taken from it.
    if (place.contains(document.activeElement)) return;
    for (const time of page.querySelectorAll('time[data-relative]')) time.textContent = relative(new Date(time.dateTime));
    place.replaceChildren(...page.body.childNodes);
  } catch {
    // The lines stay as they were; the save line tells of the connection.
  }
}

/** The preview of a search result, from the texts for it, else from title and summary. */
function searchPreview({ form, scope, root, signal }) {
  const places = [...scope.querySelectorAll('[data-serp]')];
  if (places.length === 0) return;
  const first = (paths, otherwise) => paths.map((path) => form.field(path)?.get()).find((text) => typeof text === 'string' && text.trim()) ?? otherwise;
  const draw = () => {
    const title = first(['seo.title', 'seo_title', 'meta_title', '@title'], 'Untitled');
    const text = first(['seo.description', 'meta_description', 'seo_description', 'summary'], 'The summary stands here.');
    for (const place of places) {
      place.querySelector('.t').textContent = title;
      place.querySelector('.d').textContent = text;
    }
  };
  const within = (event) => { if (!event.target.closest?.('ld-richtext')) draw(); };
  root.addEventListener('input', within, { signal });
  root.addEventListener('ld-set', within, { signal });
}

/** The name below a post's title follows the choice in the side column. */
function author({ form, scope, root, signal }) {
  const place = scope.querySelector('[data-by]');
  if (!place) return;
  const draw = () => {
    const select = form.field('author')?.el.querySelector('select');
    const chosen = select?.selectedOptions[0];
    if (!chosen) return;
    const picture = place.querySelector('.av');
    picture.className = `av s p${chosen.dataset.pair}`;
    picture.textContent = chosen.dataset.initials ?? '';
    place.querySelector('[data-name]').textContent = chosen.text;
  };
  const changed = (event) => { if (event.target.name === 'author') draw(); };
  root.addEventListener('change', changed, { signal });
  root.addEventListener('ld-set', changed, { signal });
}
