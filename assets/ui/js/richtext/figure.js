// Pictures in the text: with a caption as a block of their own, without one inside a line.

import { bring } from '../upload.js';
import { icon } from '../icon.js';
import { rendition } from '../media/address.js';
import { make } from './dom.js';
import { arrived } from './pictures.js';
import { WORDS } from './words.js';

/** A picture with its caption; on its way it shows its progress, from elsewhere only its address. */
export function figureView({ node, editor, getPos }, site, pictures) {
  let current = node;
  const box = make('div', { class: 'rt-picture', contenteditable: 'false', 'data-drag-handle': '' });
  const contentDOM = make('figcaption', { 'data-hint': WORDS.caption });
  const dom = make('figure', {}, box, contentDOM);
  const picture = pictureIn(box);

  const change = (attributes) => editor.chain().command(({ tr }) => {
    tr.setNodeMarkup(getPos(), null, { ...current.attrs, ...attributes }).setMeta('addToHistory', false);
    return true;
  }).run();
  const remove = () => editor.chain().command(({ tr }) => {
    tr.delete(getPos(), getPos() + current.nodeSize);
    return true;
  }).run() && editor.view.focus();

  const show = () => {
    const { upload, src, alt, size } = current.attrs;
    dom.className = ['rt-figure', size && `w-${size}`, current.content.size === 0 && 'is-bare'].filter(Boolean).join(' ');
    const delivery = upload && pictures.find(upload);
    if (upload) picture.show(delivery?.preview, alt, progress(delivery, pictures, remove));
    else if (site.owns(src)) picture.show(src, alt, altNote(alt), rendition(src, { width: 720 }));
    else picture.show(null, null, elsewhere(src, () => change({ upload: pictures.addAddress(src) })));
  };
  box.addEventListener('click', (event) => {
    if (event.target.closest('button') || !editor.isEditable) return;
    editor.commands.setNodeSelection(getPos());
    editor.view.focus();
  });
  const onChange = () => {
    if (current.attrs.upload) show();
  };
  pictures.addEventListener('change', onChange);
  show();

  return {
    dom,
    contentDOM,
    update: (next) => {
      if (next.type !== current.type) return false;
      const same = next.attrs === current.attrs && (next.content.size === 0) === (current.content.size === 0);
      current = next;
      if (!same) show();
      return true;
    },
    selectNode: () => dom.classList.add('is-selected'),
    deselectNode: () => dom.classList.remove('is-selected'),
    stopEvent: (event) => Boolean(event.target.closest?.('button')) && !/^drag/.test(event.type),
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
    destroy: () => pictures.removeEventListener('change', onChange),
  };
}

/** A picture in a line. */
export function imageView({ node, editor, getPos }, site) {
  const { src, alt } = node.attrs;
  if (site.owns(src)) {
    const dom = make('img', { src, alt: alt ?? '', width: node.attrs.width, height: node.attrs.height });
    return { dom };
  }
  const dom = make('span', { class: 'rt-elsewhere', contenteditable: 'false' });
  const fetchIt = async () => {
    dom.replaceChildren(icon('image', 'sm'), WORDS.bringing);
    try {
      const { attrs } = node;
      const { upload, ...attributes } = arrived({ result: await bring(src) }, attrs);
      editor.chain().command(({ tr }) => {
        tr.setNodeMarkup(getPos(), null, attributes);
        return true;
      }).run();
    } catch (error) {
      show(WORDS.bringFailed(error.message));
    }
  };
  const show = (note) => dom.replaceChildren(icon('image', 'sm'), make('span', {}, note), make('button', { type: 'button', class: 'btn s', onclick: fetchIt }, WORDS.bring));
  show(src);
  return { dom, stopEvent: (event) => Boolean(event.target.closest?.('button')), ignoreMutation: () => true };
}

/** Shows a picture or its absence, and a note over or under it; touches the picture only when its address changes. */
function pictureIn(box) {
  const img = make('img');
  let shown = null;
  return {
    show(src, alt, note, smaller = src) {
      if (src) {
        if (shown !== smaller) img.src = shown = smaller;
        // What cannot be made smaller is shown as it is.
        img.onerror = () => { if (img.getAttribute('src') !== src) img.src = src; };
        img.alt = alt ?? '';
      }
      box.classList.toggle('is-empty', !src);
      box.replaceChildren(...(src ? [img] : []), note);
    },
  };
}

function altNote(alt) {
  const text = alt === null ? WORDS.altNone : alt === '' ? WORDS.altDecorative : WORDS.altIs(alt);
  return make('span', { class: `rt-alt${alt === null ? ' is-missing' : ''}` }, icon(alt === null ? 'triangle-alert' : 'check', 'sm'), make('span', {}, text));
}

function elsewhere(src, fetchIt) {
  return make('div', { class: 'rt-card' }, make('div', { class: 'rt-card-head' },
    make('span', { class: 'rt-card-icon' }, icon('image')),
    make('div', { class: 'rt-card-text' }, make('b', {}, WORDS.elsewhere), make('small', { dir: 'ltr' }, src)),
    make('div', { class: 'rt-card-acts' }, make('button', { type: 'button', class: 'btn s', onclick: fetchIt }, WORDS.bring))));
}

function progress(delivery, pictures, remove) {
  if (!delivery) return status('circle-alert', WORDS.uploadForgotten, [[WORDS.remove, remove]], true);
  const { name, state, percent, said, reason, again, id } = delivery;
  if (state === 'asking') return status('images', WORDS.known(name), [[WORDS.useThat, () => pictures.accept(id)], [WORDS.remove, remove]]);
  if (state === 'failed') {
    const retry = again ? [[WORDS.tryAgain, () => pictures.tryAgain(id)]] : [];
    return status('circle-alert', WORDS.uploadFailed(name, reason), [...retry, [WORDS.remove, remove]], true);
  }
  const bar = make('progress', { max: '100', value: String(percent), 'aria-label': WORDS.uploading(name, percent) });
  const note = status('upload', state === 'waiting' ? WORDS.waiting(name) : WORDS.sending(name, said), [[WORDS.cancelUpload, () => delivery.cancel()]]);
  note.append(bar);
  return note;
}

function status(symbol, text, actions, failed = false) {
  return make('div', { class: `rt-progress${failed ? ' is-failed' : ''}` }, icon(symbol, 'sm'), make('span', {}, text),
    ...actions.map(([label, onclick]) => make('button', { type: 'button', class: 'btn s', onclick }, label)));
}
