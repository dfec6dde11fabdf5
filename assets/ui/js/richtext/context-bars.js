// The small bars for what the caret is in: a link, a picture, a table.

import { NodeSelection } from '@tiptap/pm/state';
import { isInTable } from '@tiptap/pm/tables';
import { TABLE_ACTIONS } from './actions.js';
import { safeAddress } from './allow.js';
import { Bar } from './bar.js';
import { make } from './dom.js';
import { WORDS } from './words.js';

const GAP = 8;

/** Shows at most one bar at a time, over its target, inside `layer`. */
export class ContextBars {
  #richtext;
  #layer;
  #bars;
  #shown = null;

  constructor(richtext, layer) {
    this.#richtext = richtext;
    this.#layer = layer;
    this.#bars = [linkBar(richtext), pictureBar(richtext), tableBar(richtext)];
    for (const { bar } of this.#bars) {
      bar.dom.hidden = true;
      // Before the text, so that Tab out of the text does not go through the bar.
      layer.prepend(bar.dom);
    }
  }

  /** The bar on screen, if any. */
  get bar() {
    return this.#shown?.bar;
  }

  update() {
    const { editor } = this.#richtext;
    const active = editor.isEditable && (editor.isFocused || this.#layer.contains(document.activeElement));
    const next = active ? this.#bars.find((entry) => entry.target()) : null;
    if (this.#shown && this.#shown !== next) this.#shown.bar.dom.hidden = true;
    this.#shown = next ?? null;
    if (!next) return;
    next.bar.dom.hidden = false;
    next.update?.();
    next.bar.update();
    this.#place(next);
  }

  #place({ bar, target, over }) {
    const frame = this.#layer.getBoundingClientRect();
    const at = target();
    const size = bar.dom.getBoundingClientRect();
    const inside = over && at.bottom - at.top > size.height * 3;
    const top = inside ? at.top + GAP : at.top - size.height - GAP;
    const below = !inside && top < frame.top;
    const left = inside ? at.left + (at.right - at.left - size.width) / 2 : at.left;
    bar.dom.style.top = `${(below ? at.bottom + GAP : top) - frame.top}px`;
    bar.dom.style.left = `${Math.max(0, Math.min(left - frame.left, frame.width - size.width))}px`;
  }
}

function linkBar(richtext) {
  const address = make('a', { class: 'rt-address', target: '_blank', rel: 'noopener', dir: 'ltr', tabindex: '-1' });
  const href = () => richtext.editor.getAttributes('link').href;
  const bar = new Bar(richtext, WORDS.linkBar, 'ftb rt-bar', [
    address,
    { name: 'linkOpen', icon: 'external-link', run: () => safeAddress(href()) && open(href(), '_blank', 'noopener') },
    { name: 'linkEdit', icon: 'pencil', run: () => richtext.askForLink() },
    { name: 'linkRemove', icon: 'unlink', run: ({ act }) => act().extendMarkRange('link').unsetMark('link').run() },
  ]);
  return {
    bar,
    target() {
      const { editor } = richtext;
      const { from, empty } = editor.state.selection;
      if (!editor.isActive('link') || (!empty && editor.state.selection instanceof NodeSelection)) return null;
      return editor.view.coordsAtPos(from);
    },
    update() {
      address.textContent = href();
      if (safeAddress(href())) address.setAttribute('href', href());
      else address.removeAttribute('href');
    },
  };
}

function pictureBar(richtext) {
  const size = (name) => ({
    name,
    text: true,
    run: ({ editor, act }) => act().updateAttributes('figure', { size: editor.isActive('figure', { size: name }) ? null : name }).run(),
    isOn: (editor) => editor.isActive('figure', { size: name }),
  });
  const bar = new Bar(richtext, WORDS.imageBar, 'ftb rt-bar', [
    size('third'), size('half'), size('full'), null,
    ...['crop', 'focal'].map((name) => ({ name, text: true, icon: name === 'crop' ? 'crop' : 'crosshair', run: () => richtext.editPicture(name) })),
    { name: 'alt', text: true, icon: 'type', run: () => richtext.askForAlt() },
    { name: 'imageRemove', icon: 'trash-2', run: (richtext) => removePicture(richtext) },
  ]);
  return {
    bar,
    over: true,
    target() {
      const picture = pictureAt(richtext.editor.state);
      if (picture?.node.type.name !== 'figure') return null;
      return richtext.editor.view.nodeDOM(picture.at)?.querySelector('.rt-picture').getBoundingClientRect();
    },
  };
}

function tableBar(richtext) {
  const action = (name) => ({ name, ...TABLE_ACTIONS[name] });
  const bar = new Bar(richtext, WORDS.tableBar, 'ftb rt-bar', [
    action('rowBefore'), action('rowAfter'), action('rowRemove'), null,
    action('columnBefore'), action('columnAfter'), action('columnRemove'), null,
    action('headerRow'), action('headerColumn'), null, action('tableRemove'),
  ]);
  return {
    bar,
    target() {
      const { state, view } = richtext.editor;
      if (!isInTable(state)) return null;
      const { $from } = state.selection;
      for (let depth = $from.depth; depth > 0; depth -= 1) {
        if ($from.node(depth).type.name === 'table') return view.nodeDOM($from.before(depth))?.getBoundingClientRect();
      }
      return null;
    },
  };
}

/** The picture that is selected or whose caption holds the caret, as `{ node, at }`. */
export function pictureAt({ selection }) {
  const { node, $from } = selection;
  if (node && ['figure', 'image'].includes(node.type.name)) return { node, at: $from.pos };
  return $from.parent.type.name === 'figure' ? { node: $from.parent, at: $from.before() } : null;
}

function removePicture({ editor, act }) {
  const { node, at } = pictureAt(editor.state);
  act().deleteRange({ from: at, to: at + node.nodeSize }).run();
}
