// HTML the editor has no node for: a card that shows its source and never runs it.

import { bodyOf } from './tags.js';
import { icon } from '../icon.js';
import { make } from './dom.js';
import { providerName } from './embeds.js';
import { simplified } from './simplify.js';
import { askForSource } from './source-dialog.js';
import { WORDS } from './words.js';

const PREVIEW = 600;

/** The card of an HTML block; people without the right to edit HTML can still move, simplify and remove it. */
export function htmlBlockView({ node, editor, getPos }, mayEditHtml) {
  let current = node;
  const title = make('b');
  const detail = make('small');
  const source = make('pre', { class: 'rt-source', dir: 'ltr' });
  const symbol = make('span', { class: 'rt-card-icon' });

  const replace = (change) => {
    const at = getPos();
    if (at === undefined || !editor.isEditable) return;
    editor.chain().command(({ tr }) => {
      change(tr, at);
      return true;
    }).run();
    editor.view.focus();
  };
  const button = (label, onclick) => make('button', { type: 'button', class: 'btn s', onclick }, label);
  const edit = button(WORDS.htmlEdit, async () => {
    const html = await askForSource(current.attrs.source);
    if (html === '') remove.click();
    else if (html !== null && html !== current.attrs.source) replace((tr, at) => tr.setNodeMarkup(at, null, { source: html }));
  });
  const simplify = button(WORDS.htmlSimplify, () => {
    const nodes = simplified(editor, current.attrs.source);
    replace((tr, at) => tr.replaceWith(at, at + current.nodeSize, nodes));
  });
  const remove = button(WORDS.remove, () => replace((tr, at) => tr.delete(at, at + current.nodeSize)));

  const dom = make('div', { class: 'rt-card rt-html', contenteditable: 'false', 'data-drag-handle': '' },
    make('div', { class: 'rt-card-head' }, symbol, make('div', { class: 'rt-card-text' }, title, detail),
      make('div', { class: 'rt-card-acts' }, mayEditHtml ? edit : null, simplify, remove)),
    source);

  const show = () => {
    const html = current.attrs.source;
    const frame = bodyOf(html.slice(0, 2000)).querySelector('iframe[src]')?.getAttribute('src');
    const provider = frame && providerName(frame);
    symbol.replaceChildren(icon(frame ? 'video' : 'code-xml'));
    title.textContent = provider ? WORDS.embedCard(provider) : frame ? WORDS.htmlFrame(hostOf(frame)) : WORDS.htmlBlock;
    detail.textContent = provider ? frame : WORDS.htmlKept;
    source.textContent = html.length > PREVIEW ? `${html.slice(0, PREVIEW)}…\n${WORDS.htmlCut(html.length - PREVIEW)}` : html;
    source.hidden = Boolean(provider);
    simplify.hidden = Boolean(provider);
  };
  show();

  return {
    dom,
    update: (next) => {
      if (next.type !== current.type) return false;
      current = next;
      show();
      return true;
    },
    selectNode: () => dom.classList.add('is-selected'),
    deselectNode: () => dom.classList.remove('is-selected'),
    stopEvent: (event) => event.target.closest?.('button') && !/^drag/.test(event.type),
    ignoreMutation: () => true,
  };
}

function hostOf(address) {
  const url = address.startsWith('//') ? `https:${address}` : address;
  return URL.canParse(url) ? new URL(url).hostname : address;
}
