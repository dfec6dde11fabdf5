// <ld-image>: one picture or file. Choose, drop, paste or photograph it, say what it shows, cut it; the place stays when an
// upload breaks.

import { announce, dialog, h, icon } from './dom.js';
import { fieldOf, labelOf } from './field.js';
import { openMenu } from './menu.js';
import { UploadRow } from './upload-row.js';
import { counted } from './uploads.js';
import { addressOf, parse, rendition } from '../media/address.js';
import { chooseFromLibrary } from '../media/chooser.js';
import { factsOf } from '../media/facts.js';
import { keptFor, placeOf } from '../media/kept.js';
import { openImageTool } from '../media/tool.js';
import { toast } from '../toast.js';
import { accepts, bring, bytes, upload } from '../upload.js';

const KINDS = { image: 'image/*', video: 'video/*', audio: 'audio/*', document: '.pdf,.doc,.docx,.xls,.xlsx,.csv,.txt' };
const NO_PICTURE = /\.(pdf|mp4|webm|mov|mp3|ogg|wav|docx?|xlsx?|csv|txt|zip)$/i;

/** The types that a place for a file takes, as in `<input accept>`; '' for all. */
export function acceptOf(place) {
  return (place.dataset.accept ?? '').split(/[\s,]+/).filter(Boolean).map((kind) => KINDS[kind] ?? kind).join(',');
}

/** Fires `ld-picture` when what is shown may have changed, `ld-attention` when somebody has to look here. */
export class LdImage extends HTMLElement {
  #ready = false;
  #abort = null;
  #preview = null;
  /** What the library knows of the picture that is chosen, or null. */
  #facts = null;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.url = this.querySelector('input[name$=".url"]');
    this.alt = this.querySelector('input[name$=".alt"], textarea[name$=".alt"]');
    this.tick = this.querySelector('input[name$=".decorative"]');
    if (!this.url) return;
    this.label = labelOf(fieldOf(this) ?? this);
    this.wanted = {
      accept: acceptOf(this),
      limit: Number(this.dataset.maxSize) || Infinity,
      width: Number(this.dataset.minWidth) || 0,
      label: this.label,
    };
    this.#facts = this.dataset.facts ? JSON.parse(this.dataset.facts) : null;
    this.#build();
    this.#listen();
    this.draw();
    this.#resume();
  }

  disconnectedCallback() {
    // A component that is dragged to another place leaves the page only for a moment.
    queueMicrotask(() => { if (!this.isConnected) this.#forgetPreview(); });
  }

  /** Puts the focus on the first thing there is to do here. */
  focusFirst() {
    this.querySelector('.imgf :is(input:not([type=hidden]), button):not([hidden] *)')?.focus();
  }

  /** Whether something of this type may be dropped here. What has no type yet is judged when it lands. */
  takes(type) {
    return !this.url.matches(':disabled') && (!type || accepts(this.wanted.accept, type) || this.wanted.accept.includes('.'));
  }

  /** What is shown, small: `{source, busy}`; `source` is null where there is no picture. */
  get thumb() {
    const address = this.url?.value;
    const own = address && this.#isPicture && (parse(address) || address.startsWith('/')) ? rendition(address, { width: 96 }) : null;
    return { source: this.#preview ?? own, busy: Boolean(this.#abort) };
  }

  /** Takes what was dropped or pasted. One file fits; in a gallery the others become items behind this one. */
  takeFiles(files) {
    const [file, ...others] = files;
    this.take(file);
    const list = this.closest('ld-blocks');
    if (others.length && list?.gallery) list.takeFiles(others, this.closest('.cmp').dataset.id);
    else if (others.length) toast({ kind: 'warn', title: 'One file fits here', detail: `${file.name} is used for ${this.label}; the ${others.length} others were left out.` });
  }

  /** Uploads a file and puts it in place of what is there. `resumed` is an upload that goes on. */
  take(file, resumed) {
    this.#forgetPreview();
    this.#preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    const place = () => ({ place: placeOf(this, this.dataset.path) });
    const send = (options) => upload(file, { ...options, ...this.wanted, place, resumed });
    return this.#run({ name: file.name || 'Picture', size: file.size, send, again: (error) => this.take(file, error.resumed) });
  }

  #build() {
    const { accept } = this.wanted;
    for (const old of this.querySelectorAll('label:not(.opt), input[type=file]')) old.remove();
    this.url.type = 'hidden';
    this.file = h('input', { type: 'file', hidden: true, accept, 'aria-label': `File for ${this.label}` });
    this.camera = matchMedia('(pointer: coarse)').matches && accepts(accept, 'image/jpeg') && h('input', { type: 'file', hidden: true, accept: 'image/*', capture: 'environment', 'aria-label': `Photo for ${this.label}` });
    this.shot = h('div', { class: 'shot' });
    this.row = new UploadRow();
    this.noted = h('p', { class: 'hint' });
    this.about = h('p', { class: 'hint' });
    this.limits = this.querySelector('[data-limits]');
    this.acts = h('div', { class: 'acts2' });
    this.words = h('div', { class: 'ed-words' });
    if (this.alt) {
      this.alt.classList.add('in');
      this.words.append(h('label', { class: 'l0', for: this.alt.id }, 'Alt text'), this.alt, this.noted, this.tick?.closest('label') ?? '');
    }
    this.append(h('div', { class: 'imgf ed-drop' }, this.shot, h('div', {}, this.words, this.about, this.limits, this.row.dom, this.acts)), this.file, this.camera || '');
  }

  #listen() {
    for (const input of [this.file, this.camera].filter(Boolean)) {
      input.addEventListener('change', (event) => {
        event.stopPropagation();
        if (input.files[0]) this.take(input.files[0]);
        input.value = '';
      });
    }
    this.addEventListener('paste', (event) => {
      const files = [...event.clipboardData.files];
      if (files.length === 0) return;
      event.preventDefault();
      this.takeFiles(files);
    });
    this.url.addEventListener('ld-set', () => this.#learn());
    this.alt?.addEventListener('input', () => this.#note());
    this.tick?.addEventListener('change', () => this.#note());
  }

  /** An upload that was on its way when the page was left goes on. */
  async #resume() {
    const [found] = await keptFor(placeOf(this, this.dataset.path)).catch(() => []);
    if (found && !this.#abort) this.take(found.file, found);
  }

  async #run({ name, size, send, again }) {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const onprogress = this.row.run({ name, size, cancel: () => abort.abort() });
    this.draw();
    const current = () => this.#abort === abort;
    try {
      const facts = await counted(this, () => send({ signal: abort.signal, onprogress: (progress) => current() && onprogress(progress) }));
      if (current()) this.#arrived(facts);
    } catch (error) {
      if (current()) this.#failed(name, error, again);
    } finally {
      if (current()) this.#abort = null;
      this.draw();
    }
  }

  #arrived(facts) {
    if (!facts.known) return this.#use(facts, 'is uploaded');
    const button = this.row.ask({ facts, use: () => this.#use(facts, 'is chosen'), choose: () => { this.#clearRow(); this.file.click(); } });
    announce(`${facts.name} is already in the library. Use that one?`);
    this.dispatchEvent(new CustomEvent('ld-attention', { bubbles: true }));
    if (this.contains(document.activeElement)) button.focus();
    return undefined;
  }

  #failed(name, error, again) {
    if (error.kind === 'cancelled') {
      this.#clearRow();
      return;
    }
    const retry = error.again === false ? null : () => again(error);
    this.row.fail({ name, reason: error.message, again: retry, choose: () => { this.#clearRow(); this.file.click(); }, dismiss: () => this.#clearRow() });
    this.dispatchEvent(new CustomEvent('ld-attention', { bubbles: true }));
    if (error.kind === 'signed-out') document.dispatchEvent(new CustomEvent('ld:signin', { cancelable: true }));
  }

  #clearRow() {
    this.row.hide();
    this.#forgetPreview();
    this.draw();
  }

  /** Makes a picture of the library the field's value. What was said of another picture does not hold for it. */
  #use(facts, done) {
    this.row.hide();
    // The preview stays until the server has made its own.
    this.#facts = facts;
    this.#set({ url: facts.url, alt: '' });
    announce(`${facts.name ?? 'The picture'} ${done}`);
  }

  get #value() {
    return { url: this.url.value, alt: this.alt?.value ?? '', decorative: Boolean(this.tick?.checked) };
  }

  #set({ url, alt, decorative = false }) {
    this.url.value = url;
    if (this.alt) this.alt.value = alt ?? '';
    if (this.tick) this.tick.checked = decorative;
    this.draw();
    this.url.dispatchEvent(new CustomEvent('change', { bubbles: true, detail: 'stored' }));
  }

  /** The value was set by undo, a merge or a restored version: what is shown follows. */
  async #learn() {
    const ours = parse(this.url.value);
    if (ours?.id !== this.#facts?.id) {
      this.#forgetPreview();
      this.#facts = null;
      if (ours) factsOf(ours.id).then((facts) => { if (facts && parse(this.url.value)?.id === facts.id) this.#facts = facts; this.draw(); });
    }
    this.draw();
  }

  #remove() {
    const [value, facts] = [this.#value, this.#facts];
    this.#abort?.abort();
    this.#forgetPreview();
    this.#facts = null;
    this.#set({ url: '', alt: '' });
    announce(`${this.label} removed`);
    toast({ title: `${this.label} removed`, detail: facts?.name ?? '', seconds: 10, actions: [{ label: 'Undo', run: () => { this.#facts = facts; this.#set(value); } }] });
    this.focusFirst();
  }

  async #choose() {
    const facts = await chooseFromLibrary({ type: this.wanted.accept.startsWith('image/*') && !this.wanted.accept.includes(',') ? 'image' : '' });
    if (facts) {
      this.#forgetPreview();
      this.#use(facts, 'is chosen');
    }
  }

  async #edit() {
    const ours = parse(this.url.value);
    const facts = this.#facts ?? (ours && await factsOf(ours.id));
    if (!facts) {
      toast({ kind: 'error', title: 'This picture is not in the library any more', detail: 'Choose another one.' });
      return;
    }
    this.#facts = facts;
    const value = await openImageTool({ facts, value: this.#value, shape: this.dataset.shape });
    if (value) {
      this.#forgetPreview();
      this.#set(value);
      announce('The picture is changed');
    }
    this.querySelector('[data-do=edit]')?.focus();
  }

  async #fromAddress() {
    const address = h('input', { class: 'in', type: 'url', id: 'ed-from', inputmode: 'url', spellcheck: 'false', placeholder: 'https://' });
    const content = h('div', { class: 'f' }, h('label', { for: 'ed-from' }, 'Address of the file'), address, h('p', { class: 'hint' }, 'The server fetches it into the library.'));
    const buttons = [{ text: 'Cancel', value: '' }, { text: 'Fetch it', value: 'yes', look: 'p' }];
    const answer = await dialog({ title: 'From an address', content, buttons, onopen: (box) => address.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') box.close('yes');
    }) });
    if (answer) this.#bring(address.value.trim());
  }

  #bring(address) {
    const ours = parse(address);
    if (ours) {
      factsOf(ours.id).then((facts) => this.#use(facts ?? { url: addressOf(ours.id) }, 'is chosen'));
      return;
    }
    if (!/^https?:\/\/./.test(address)) {
      toast({ kind: 'warn', title: 'This is no address of a file', detail: 'It starts with https://.' });
      return;
    }
    this.#forgetPreview();
    this.#run({ name: address, send: (options) => bring(address, options), again: () => this.#bring(address) });
  }

  #forgetPreview() {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = null;
  }

  get #isPicture() {
    const { type } = this.#facts ?? {};
    return type ? type.startsWith('image/') : !NO_PICTURE.test(this.url.value);
  }

  /** Shows what is chosen. */
  draw() {
    const { value: address } = this.url;
    const ours = parse(address);
    const away = Boolean(address) && !ours && !address.startsWith('/');
    this.shot.classList.toggle('is-waiting', Boolean(this.#preview && this.#abort));
    this.#drawShot(this.#preview ?? (away || !this.#isPicture ? null : address), address, ours?.crop);
    this.words.hidden = !address || (Boolean(this.#facts) && !this.#isPicture && !this.alt?.value);
    this.about.textContent = away ? `On another site: ${address}` : this.#said(ours?.crop);
    this.about.hidden = !this.about.textContent;
    if (this.limits) this.limits.hidden = Boolean(address);
    this.#drawActs({ address, away, ours });
    this.#note();
    this.dispatchEvent(new CustomEvent('ld-picture', { bubbles: true }));
  }

  #drawShot(source, address, crop) {
    if (!source) {
      this.shot.replaceChildren(h('span', { class: 'ed-nothing' }, icon(address ? 'file' : 'image', 'lg')));
      return;
    }
    const shown = source.startsWith('blob:') ? source : rendition(source, { width: 480 });
    if (this.shot.dataset.shown !== shown || !this.shot.querySelector('img')) {
      const img = h('img', { src: shown, alt: '', onerror: () => {
        // Files without an ending that are no pictures, and pictures the server cannot shrink.
        if (img.getAttribute('src') !== source) img.src = source;
        else img.replaceWith(h('span', { class: 'ed-nothing' }, icon('file', 'lg')));
      } });
      this.shot.replaceChildren(img);
      this.shot.dataset.shown = shown;
    }
    for (const mark of this.shot.querySelectorAll('.fp, .tag0')) mark.remove();
    const { focal } = this.#facts ?? {};
    if (focal && !crop && !this.#preview) this.shot.append(focalMark(focal, this.shot, this.#facts), h('span', { class: 'tag0' }, 'Focal point'));
    else if (crop && !this.#preview) this.shot.append(h('span', { class: 'tag0' }, `${shapeOf(crop)} crop`));
  }

  #drawActs({ address, away, ours }) {
    const had = this.acts.contains(document.activeElement) ? document.activeElement.dataset.do : null;
    const button = (name, symbol, text, run, look = '') => h('button', { type: 'button', class: `btn s ${look}`.trim(), 'data-do': name, onclick: run }, symbol && icon(symbol, 'sm'), text);
    const touch = Boolean(this.camera);
    const ways = [
      { text: 'Choose from library', icon: 'images', act: () => this.#choose() },
      { text: 'Upload a file', icon: 'upload', act: () => this.file.click() },
      ...(touch ? [{ text: 'Take a photo', icon: 'camera', act: () => this.camera.click() }] : []),
      { text: 'From an address', icon: 'link', act: () => this.#fromAddress() },
    ];
    const empty = () => [
      button('choose', 'images', 'Choose from library', ways[0].act), button('upload', 'upload', 'Upload a file', ways[1].act),
      touch && button('photo', 'camera', 'Take a photo', () => this.camera.click()), button('address', 'link', 'From an address', () => this.#fromAddress(), 'g'),
    ];
    const filled = () => [
      away && button('bring', 'download', 'Bring into library', () => this.#bring(address)),
      ours && this.#isPicture && button('edit', 'crop', 'Edit image', () => this.#edit()),
      h('button', { type: 'button', class: 'btn s', 'data-do': 'replace', 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: ({ currentTarget }) => openMenu(currentTarget, ways) }, 'Replace', icon('chevron-down', 'sm')),
      button('remove', 'trash-2', 'Remove', () => this.#remove(), 'g'),
    ];
    this.acts.replaceChildren(...(address ? filled() : empty()).filter(Boolean));
    if (had) (this.acts.querySelector(`[data-do="${had}"]`) ?? this.acts.firstElementChild)?.focus();
  }

  /** "winter-shelf.jpg, 4800 × 3000, 2.1 MB" */
  #said(crop) {
    const { name, width, height, size } = this.#facts ?? {};
    const [across, down] = crop ? crop.slice(2) : [width, height];
    return [name, across && `${across} × ${down}`, size && bytes(size)].filter(Boolean).join(', ');
  }

  #note() {
    const own = this.#facts?.alt?.trim() ?? '';
    const decorative = Boolean(this.tick?.checked);
    const blank = Boolean(this.alt && !this.alt.value.trim());
    const missing = Boolean(this.url.value) && blank && !own && !decorative && this.#isPicture;
    if (this.alt) {
      this.alt.placeholder = decorative ? '' : own || 'What does the picture show?';
      this.alt.disabled = decorative;
      if (decorative) this.alt.value = '';
    }
    if (missing) this.noted.replaceChildren(icon('triangle-alert', 'sm'), 'Add alt text before this can go live');
    else this.noted.replaceChildren(blank && own && !decorative ? 'The library’s text is used until you write another one.' : '');
    this.noted.hidden = !this.noted.textContent;
    this.noted.classList.toggle('warn', missing);
  }
}

/** The mark of a focal point on a picture that fills `box`. */
function focalMark([x, y], box, { width, height }) {
  const mark = h('span', { class: 'fp' });
  const { clientWidth: across, clientHeight: down } = box;
  const scale = width && height ? Math.max(across / width, down / height) : 0;
  // The picture covers the box from its middle: what hangs over is cut off on both sides.
  const along = (part, side, room) => (scale ? Math.min(room - 8, Math.max(8, part * side * scale - (side * scale - room) / 2)) : part * room);
  mark.style.left = `${along(x, width, across)}px`;
  mark.style.top = `${along(y, height, down)}px`;
  return mark;
}

/** "16:9", or "free" for a shape without a name. */
function shapeOf([, , width, height]) {
  const named = [[16, 9], [4, 3], [1, 1], [4, 5], [3, 2], [2, 1], [3, 4], [9, 16]].find(([w, h]) => Math.abs((width * h) / w - height) <= 1);
  return named ? named.join(':') : 'Free';
}
