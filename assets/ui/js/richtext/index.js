// `<ld-richtext>`: a rich text editor around a server-rendered `<textarea>` of HTML.

import { Editor, Extension } from '@tiptap/core';
import { Dropcursor, Gapcursor, UndoRedo } from '@tiptap/extensions';
import { EditorState } from '@tiptap/pm/state';
import { parse } from '../media/address.js';
import { chooseFromLibrary } from '../media/chooser.js';
import { factsOf } from '../media/facts.js';
import { keptFor, placeOf } from '../media/kept.js';
import { openImageTool } from '../media/tool.js';
import { formatsOf } from './allow.js';
import { caret } from './caret.js';
import { ContextBars, pictureAt } from './context-bars.js';
import { count } from './count.js';
import { askForAltText, askForEmbedHtml, askForNewPicture } from './dialogs.js';
import { losses } from './difference.js';
import { make, newId } from './dom.js';
import { providersOf } from './embeds.js';
import { insertOutermost } from './insert.js';
import { keys } from './keys.js';
import { askForLinkTarget } from './link-dialog.js';
import { Notice } from './notice.js';
import { pasting } from './pasting.js';
import { Pictures, arrived } from './pictures.js';
import { isEmpty, print } from './print.js';
import { read } from './read.js';
import { replaceContent } from './replace.js';
import { SCHEMA } from './schema.js';
import { Site } from './site.js';
import { slash } from './slash.js';
import { toolbar } from './toolbar.js';
import { typing } from './typing.js';
import { WORDS } from './words.js';

const IDLE = 250;
const LONGEST = 1000;

/**
 * The editor of one field. The value lives in the textarea: nothing is written there before a person edits.
 *
 * On the textarea: `data-formats` names the formats allowed (see allow.js; all when absent).
 * On the element: `data-html-right` lets a person edit HTML, `data-embeds` names providers of embeds (default
 * "youtube vimeo"), `data-media-origins` further origins of this site's media, `data-look="paper"` the look of
 * the post editor, `data-tools` the id of the element that takes the toolbar in.
 *
 * Events, all bubbling: `input` from the textarea after an edit (when typing pauses for 250 ms, at least each
 * second, on leaving, on `flush()`); `ld:words` with `{ words, minutes }`; `ld:uploads` with `{ pending, failed }`.
 */
export class RichText extends HTMLElement {
  /** The Tiptap editor. */
  editor = null;
  /** The formats the field allows. */
  formats = new Set();
  /** Which addresses are this site's own. */
  site = null;
  /** The pictures on their way into the library. */
  pictures = null;
  /** The id of the text itself. */
  textId = newId('rt-text');

  #textarea = null;
  #parts = null;
  #dirty = false;
  #timer = 0;
  #dirtySince = 0;
  #frame = 0;
  #uploads = '0 0';
  #observer = null;

  connectedCallback() {
    this.#textarea ??= this.querySelector('textarea');
    if (!this.#textarea || this.editor) return;
    this.formats = formatsOf(this.#textarea.dataset.formats);
    this.site = new Site(this.dataset.mediaOrigins);
    this.pictures = new Pictures((id) => this.#placeOf(id));
    const focused = document.activeElement === this.#textarea;
    this.#build();
    this.#open();
    // Whoever was quicker than the script goes on writing: without focus, letters would be the screen's shortcuts.
    if (focused) this.editor.commands.focus();
    this.pictures.addEventListener('change', () => this.#tellUploads());
    this.pictures.addEventListener('done', () => this.#settle());
    this.#resume();
    this.#observer = new MutationObserver(() => this.#describe());
    this.#observer.observe(this.#textarea, { attributeFilter: ['aria-invalid', 'aria-describedby', 'aria-required', 'readonly', 'disabled'] });
  }

  disconnectedCallback() {
    // A component that is dragged to another place leaves the page only for a moment.
    queueMicrotask(() => {
      if (!this.isConnected && this.editor) this.#close();
    });
  }

  /** The HTML of the text as it is now, whether written to the textarea yet or not. */
  get value() {
    return this.#dirty ? print(this.editor.state.doc) : this.#textarea?.value ?? '';
  }

  /** Sets the text without firing `input`, as for a merge or a restored version. The caret stays where it can. */
  set value(html) {
    if (!this.editor) {
      const textarea = this.#textarea ?? this.querySelector('textarea');
      if (textarea) textarea.value = html;
      return;
    }
    if (html === this.value) return;
    this.#clean();
    this.#textarea.value = html;
    this.#take(this.#textarea.value);
  }

  /** Number of pictures in the text still on their way into the library. */
  get pending() {
    return this.pictures?.count(this.#places().map(({ node }) => node.attrs.upload), 'waiting', 'sending') ?? 0;
  }

  /** `{ words, minutes }` of the text as it is now. */
  get words() {
    return this.editor ? count(this.editor.state.doc) : { words: 0, minutes: 0 };
  }

  /** Writes what was typed to the textarea at once, and returns its value. Call it before sending the form. */
  flush() {
    if (!this.#dirty) return this.#textarea?.value ?? '';
    const html = print(this.editor.state.doc);
    this.#clean();
    if (html !== this.#textarea.value) {
      this.#textarea.value = html;
      this.#textarea.dispatchEvent(new Event('input', { bubbles: true }));
    }
    return this.#textarea.value;
  }

  focus(options) {
    if (this.editor) this.editor.view.focus();
    else this.#textarea?.focus(options);
  }

  /** A chain of commands with the focus already in the text. */
  act = () => {
    this.editor.view.focus();
    return this.editor.chain();
  };

  /** To the bar of what the caret is in, from there and otherwise to the toolbar. */
  focusToolbar(from = null) {
    // The bar for where the last key went may not be drawn yet.
    this.#refresh();
    const context = this.#parts.context.bar;
    (context && from !== context ? context : this.#parts.tools.bar).focus();
    return true;
  }

  /** Says something above the text until it is closed. */
  say(text) {
    this.#parts.notice.show('', text, [[WORDS.close, () => this.#parts.notice.hide()]]);
  }

  async askForLink() {
    const { editor } = this;
    if (!editor.isEditable) return;
    if (editor.isActive('link')) editor.commands.extendMarkRange('link');
    const { $from, $to, from, to } = editor.state.selection;
    const { href, target, rel } = editor.getAttributes('link');
    const text = editor.state.doc.textBetween(from, to);
    const link = await askForLinkTarget({ href, text, newTab: target === '_blank' }, $from.sameParent($to));
    const chain = this.act();
    if (!link) return;
    const attributes = { href: link.href, target: link.newTab ? '_blank' : null, rel: relFor(rel, link.newTab) };
    if (link.text === text || !$from.sameParent($to)) chain.setMark('link', attributes).run();
    else {
      chain.command(({ tr, state }) => {
        const { schema, selection } = state;
        const marks = schema.marks.link.create(attributes).addToSet(selection.$from.marks());
        tr.replaceWith(selection.from, selection.to, schema.text(link.text, marks)).removeStoredMark(schema.marks.link);
        return true;
      }).run();
    }
  }

  async askForPicture() {
    const chosen = await askForNewPicture();
    this.editor.view.focus();
    if (!chosen) return;
    if (chosen.library) {
      const facts = await chooseFromLibrary({ type: 'image' });
      const chain = this.act();
      if (facts) chain.insertContent({ type: 'figure', attrs: arrived({ result: facts }, { alt: null }) }).run();
      return;
    }
    const ids = chosen.files?.map((file) => this.pictures.addFile(file)) ?? [this.pictures.addAddress(chosen.address)];
    this.addPictures(ids);
  }

  /** Opens the image tool for the picture at the caret; `part` is what it begins with. */
  async editPicture(part) {
    const { node, at } = pictureAt(this.editor.state);
    const ours = parse(node.attrs.src);
    const facts = ours && await factsOf(ours.id);
    if (!facts) {
      this.say(WORDS.imageGone);
      return;
    }
    const { src, alt } = node.attrs;
    const value = await openImageTool({ facts, value: { url: src, alt: alt ?? '', decorative: alt === '' }, focus: part });
    const chain = this.act();
    if (!value) return;
    const [width, height] = parse(value.url).crop?.slice(2) ?? [facts.width, facts.height];
    const size = (length) => (length ? String(length) : null);
    const change = { src: value.url, alt: value.decorative ? '' : value.alt || null, width: size(width), height: size(height), asset: ours.id };
    chain.command(({ tr }) => {
      // A merge may have moved the picture while the tool was open.
      if (tr.doc.nodeAt(at)?.attrs.src !== src) return false;
      tr.setNodeMarkup(at, null, { ...tr.doc.nodeAt(at).attrs, ...change });
      return true;
    }).setNodeSelection(at).run();
  }

  /** Whether something of this type may be dropped here. */
  takes(type) {
    return Boolean(this.editor?.isEditable) && this.formats.has('image') && (!type || type.startsWith('image/'));
  }

  /** Puts dropped pictures where the caret is. */
  takeFiles(files) {
    this.addPictures(files.map((file) => this.pictures.addFile(file)));
  }

  async askForAlt() {
    const { node } = pictureAt(this.editor.state);
    const answer = await askForAltText(node.attrs.alt);
    const chain = this.act();
    if (answer) chain.updateAttributes(node.type.name, answer).run();
  }

  async askForEmbed() {
    const source = await askForEmbedHtml(providersOf(this.dataset.embeds));
    const chain = this.act();
    if (source) chain.command(({ tr, state }) => insertOutermost(tr, state.schema.nodes.htmlBlock.create({ source }))).run();
  }

  /** Puts places for pictures on their way at the caret, or at `position`. */
  addPictures(ids, position = null) {
    const figures = ids.map((upload) => ({ type: 'figure', attrs: { upload } }));
    if (position === null) this.editor.commands.insertContent(figures);
    else this.editor.commands.insertContentAt(position, figures);
    this.#tellUploads();
  }

  /** Where a picture on its way stands: the field, and before which block of the text. */
  #placeOf(id) {
    let block = 0;
    const found = this.editor?.state.doc.content.content.findIndex((node) => {
      let holds = node.attrs.upload === id;
      node.descendants((inner) => { holds ||= inner.attrs.upload === id; });
      return holds;
    });
    if (found >= 0) block = found;
    return { place: this.#place, block };
  }

  get #place() {
    return placeOf(this, this.#textarea.name);
  }

  /** Large pictures that were on their way when the page was left go on, where they stood. */
  async #resume() {
    const found = await keptFor(this.#place).catch(() => []);
    if (!this.editor) return;
    for (const { file, block, ...kept } of found.sort((one, other) => one.block - other.block)) {
      const id = this.pictures.addFile(file, kept);
      const { doc } = this.editor.state;
      let at = 0;
      for (let index = 0; index < Math.min(block, doc.childCount); index += 1) at += doc.child(index).nodeSize;
      this.addPictures([id], at);
    }
  }

  #build() {
    const textarea = this.#textarea;
    const hint = make('p', { class: 'sr', id: newId('rt-hint') }, WORDS.hint);
    const label = textarea.labels?.[0];
    if (label) {
      label.id ||= newId('rt-label');
      label.addEventListener('click', () => this.editor?.view.focus());
    }
    const mount = make('div', { class: 'rt-mount' });
    const layer = make('div', { class: 'rt-layer' }, mount);
    const notice = new Notice();
    this.#parts = { hint, label, mount, layer, notice };
    this.editor = new Editor({
      element: null,
      injectCSS: false,
      extensions: [
        Extension.create({ name: 'richtext', addStorage: () => ({ site: this.site, pictures: this.pictures, mayEditHtml: this.hasAttribute('data-html-right') }) }),
        ...SCHEMA, typing(this.formats), caret, keys(this), slash(this, layer), pasting(this),
        UndoRedo, Gapcursor, Dropcursor.configure({ color: false, class: 'ProseMirror-dropcursor' }),
      ],
      enableCoreExtensions: { delete: false },
      editorProps: { attributes: () => this.#attributes() },
    });
    this.#parts.tools = toolbar(this);
    this.#parts.context = new ContextBars(this, layer);
    this.classList.toggle('rt', this.dataset.look !== 'paper');
    this.classList.toggle('rt-paper', this.dataset.look === 'paper');
  }

  #open() {
    const { editor } = this;
    const doc = read(editor.schema, this.#textarea.value);
    editor.view.updateState(EditorState.create({ doc }));
    // Away from the page, or the browser lays out a long text twice.
    editor.mount(this.#parts.mount);
    const { tools, notice, layer, hint } = this.#parts;
    // The toolbar of a post stands above its title.
    document.getElementById(this.dataset.tools ?? '')?.append(tools.dom);
    this.append(...(tools.dom.isConnected ? [] : [tools.dom]), notice.dom, layer, hint);
    this.#textarea.hidden = true;
    editor.on('transaction', () => this.#refreshSoon());
    editor.on('focus', () => this.#refreshSoon());
    editor.on('blur', () => {
      this.flush();
      this.#refreshSoon();
    });
    editor.on('update', ({ transaction }) => this.#changed(transaction));
    this.#check();
    this.#refreshSoon();
    this.#tellWords();
  }

  #close() {
    this.flush();
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.pictures.dispose();
    this.editor.destroy();
    this.editor = null;
    const { tools, notice, layer, hint } = this.#parts;
    for (const part of [tools.dom, notice.dom, layer, hint]) part.remove();
    this.#textarea.hidden = false;
  }

  #attributes() {
    const textarea = this.#textarea;
    const described = [textarea.getAttribute('aria-describedby'), this.#parts.hint.id].filter(Boolean).join(' ');
    const attributes = {
      id: this.textId, class: 'prose', role: 'textbox', 'aria-multiline': 'true', 'aria-describedby': described,
      spellcheck: 'true', 'aria-readonly': String(!this.editor.isEditable),
    };
    if (textarea.placeholder) attributes['aria-placeholder'] = textarea.placeholder;
    if (this.#parts.label) attributes['aria-labelledby'] = this.#parts.label.id;
    for (const name of ['aria-invalid', 'aria-required']) if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
    return attributes;
  }

  /** Takes over what the server or a check said about the field. */
  #describe() {
    this.#setEditable(this.editor.isEditable);
  }

  #setEditable(editable) {
    this.editor.setEditable(editable && !this.#textarea.matches(':disabled, [readonly]'), false);
    this.#parts.tools.dom.inert = !this.editor.isEditable;
    this.#refreshSoon();
  }

  /** Before the first edit: says what would get lost, if anything. */
  #check() {
    const lost = losses(this.editor.state.doc);
    this.#parts.notice.hide();
    this.#setEditable(lost.length === 0);
    if (!lost.length) return;
    const edit = () => {
      this.#parts.notice.hide();
      this.#setEditable(true);
      this.editor.view.focus();
    };
    this.#parts.notice.warn(lost, {
      simplify: edit,
      editHtml: this.hasAttribute('data-html-right') ? () => this.#editHtml() : null,
      keep: () => this.#parts.notice.show(WORDS.keptTitle, '', [[WORDS.edit, () => this.#check()]]),
    });
  }

  /** Shows the textarea itself in place of the editor. */
  #editHtml() {
    const { tools, layer, notice } = this.#parts;
    const showSource = (on) => {
      tools.dom.hidden = on;
      layer.hidden = on;
      this.#textarea.hidden = !on;
      this.classList.toggle('is-source', on);
    };
    showSource(true);
    notice.show(WORDS.htmlTitle, WORDS.htmlHint, [[WORDS.htmlDone, () => {
      showSource(false);
      this.#take(this.#textarea.value);
    }]]);
    this.#textarea.focus();
  }

  /** Makes the document that of some HTML, which is not a person's edit here. */
  #take(html) {
    const { editor } = this;
    editor.view.dispatch(replaceContent(editor.state.tr, read(editor.schema, html)).setMeta('outside', true));
    this.#check();
  }

  #changed(transaction) {
    if (!transaction.getMeta('outside')) {
      const now = performance.now();
      if (!this.#dirty) this.#dirtySince = now;
      this.#dirty = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.flush(), Math.min(IDLE, Math.max(0, this.#dirtySince + LONGEST - now)));
    }
    if (this.#places().length) this.#settle();
    this.#tellWordsSoon();
  }

  #clean() {
    clearTimeout(this.#timer);
    this.#dirty = false;
  }

  #refreshSoon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.editor) this.#refresh();
    });
  }

  #refresh() {
    this.#parts.tools.update();
    this.#parts.context.update();
    this.classList.toggle('is-blank', isEmpty(this.editor.state.doc));
  }

  #wordsTimer = 0;

  #tellWordsSoon() {
    clearTimeout(this.#wordsTimer);
    this.#wordsTimer = setTimeout(() => this.editor && this.#tellWords(), IDLE);
  }

  #tellWords() {
    this.dispatchEvent(new CustomEvent('ld:words', { bubbles: true, detail: this.words }));
  }

  /** The places in the text that wait for a picture, as `{ node, at }`. */
  #places() {
    const found = [];
    if (this.pictures?.size) {
      this.editor.state.doc.descendants((node, at) => {
        if (node.type.name === 'figure' && node.attrs.upload) found.push({ node, at });
        return !node.isTextblock;
      });
    }
    return found;
  }

  /** Gives places their pictures where these have arrived. */
  #settle() {
    const { tr } = this.editor.state;
    for (const { node, at } of this.#places()) {
      const delivery = this.pictures.find(node.attrs.upload);
      if (delivery?.state === 'done') tr.setNodeMarkup(at, null, arrived(delivery, node.attrs));
    }
    if (tr.docChanged) this.editor.view.dispatch(tr.setMeta('addToHistory', false));
    this.#tellUploads();
  }

  #tellUploads() {
    const ids = this.#places().map(({ node }) => node.attrs.upload);
    const detail = { pending: this.pictures.count(ids, 'waiting', 'sending'), failed: this.pictures.count(ids, 'failed') };
    const told = `${detail.pending} ${detail.failed}`;
    if (told === this.#uploads) return;
    this.#uploads = told;
    this.dispatchEvent(new CustomEvent('ld:uploads', { bubbles: true, detail }));
  }
}

/** The `rel` of a link: `noopener` comes and goes with the new tab, the rest stays. */
function relFor(rel, newTab) {
  const others = (rel ?? '').split(/\s+/).filter((token) => token && token !== 'noopener');
  return [...others, ...(newTab ? ['noopener'] : [])].join(' ') || null;
}

customElements.define('ld-richtext', RichText);
