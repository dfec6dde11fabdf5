// <ld-image>: one picture or file. Choose, drop or paste it; the place stays when an upload breaks.

import { announce, h, icon } from './dom.js';
import { fieldOf, labelOf } from './field.js';
import { bring, upload } from '../upload.js';

let running = 0;

/** How many uploads are under way on this page: publishing waits for them. */
export function uploads() {
  return running;
}

export class LdImage extends HTMLElement {
  #ready = false;
  #abort = null;
  #preview = null;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.url = this.querySelector('input[name$=".url"]');
    this.alt = this.querySelector('input[name$=".alt"], textarea[name$=".alt"]');
    if (!this.url) return;
    this.label = labelOf(fieldOf(this) ?? this);
    // The picture that the text in `data-own-alt` belongs to.
    this.first = this.url.value;
    this.accept = this.dataset.accept ?? this.url.dataset.accept ?? '';
    this.#build();
    this.url.addEventListener('ld-set', () => this.draw());
    this.alt?.addEventListener('input', () => this.#note());
    this.draw();
  }

  disconnectedCallback() {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = null;
  }

  #build() {
    this.file = this.querySelector('input[type=file]') ?? h('input', { type: 'file' });
    this.file.hidden = true;
    this.file.removeAttribute('name');
    if (this.accept) this.file.accept = this.accept.split(/[\s,]+/).map((kind) => ({ image: 'image/*', video: 'video/*', audio: 'audio/*' }[kind] ?? (kind === 'document' ? '.pdf,.doc,.docx,.xls,.xlsx,.csv,.txt' : kind))).join(',');
    this.shot = h('div', { class: 'shot' });
    this.button = h('button', { type: 'button', class: 'btn s', onclick: () => this.file.click() });
    this.clear = h('button', { type: 'button', class: 'btn s', onclick: () => this.#remove() }, 'Remove');
    this.state = h('div', { class: 'up ed-up', hidden: true });
    this.noted = h('p', { class: 'hint' });
    const address = h('details', { class: 'ed-address' }, h('summary', {}, 'From an address'));
    const altField = this.alt && h('div', {}, h('label', { class: 'l0', for: this.alt.id || undefined }, 'Alt text'), this.alt);
    for (const label of this.querySelectorAll(`label[for="${CSS.escape(this.url.id)}"], label[for="${CSS.escape(this.alt?.id ?? '')}"]`)) if (label !== altField?.firstChild) label.remove();
    address.append(this.url);
    this.url.setAttribute('aria-label', `Address of ${this.label}`);
    this.append(h('div', { class: 'imgf ed-drop' }, this.shot, h('div', {}, altField, this.noted, this.state,
      h('div', { class: 'acts2' }, this.button, this.clear), address)), this.file);
    this.alt?.classList.add('in');
    this.file.addEventListener('change', (event) => {
      event.stopPropagation();
      if (this.file.files[0]) this.take(this.file.files[0]);
      this.file.value = '';
    });
    this.url.addEventListener('change', (event) => this.#typed(event));
    this.#dropping();
  }

  #dropping() {
    const lit = (on) => this.querySelector('.ed-drop').classList.toggle('over', on);
    this.addEventListener('dragover', (event) => {
      if (![...event.dataTransfer.types].includes('Files')) return;
      event.preventDefault();
      lit(true);
    });
    this.addEventListener('dragleave', (event) => { if (!this.contains(event.relatedTarget)) lit(false); });
    this.addEventListener('drop', (event) => {
      lit(false);
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      this.take(file);
    });
    this.addEventListener('paste', (event) => {
      const [file] = event.clipboardData.files;
      if (!file) return;
      event.preventDefault();
      this.take(file);
    });
  }

  /** Another site's address is fetched into the library; the page may not show pictures from elsewhere. */
  #typed(event) {
    if (event.detail === 'stored') return;
    const address = this.url.value.trim();
    if (!/^https?:\/\//.test(address) || new URL(address).origin === location.origin) {
      this.draw();
      return;
    }
    event.stopPropagation();
    this.#run(address, (options) => bring(address, options), () => {});
  }

  /** Uploads a file and puts it in place of what is there. */
  take(file) {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    this.#run(file.name || 'Picture', (options) => upload(file, { ...options, accept: this.file.accept }), () => this.take(file));
  }

  async #run(name, send, again) {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    running += 1;
    this.#tell();
    const bar = h('i');
    const meter = h('div', { class: 'meter', role: 'progressbar', 'aria-label': name, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': '0' }, bar);
    const done = h('span', { class: 'num' });
    this.#state(h('div', {}, h('b', {}, name, done), meter),
      h('button', { type: 'button', class: 'btn s g sq', 'aria-label': `Cancel upload of ${name}`, onclick: () => abort.abort() }, icon('x')));
    this.draw();
    const began = Date.now();
    try {
      const stored = await send({
        signal: abort.signal,
        onprogress: ({ loaded, total }) => {
          const percent = total ? Math.round((loaded / total) * 100) : 0;
          bar.style.width = `${percent}%`;
          meter.setAttribute('aria-valuenow', String(percent));
          done.textContent = progress(loaded, total, Date.now() - began);
        },
      });
      this.#stored(stored);
    } catch (error) {
      if (this.#abort === abort) this.#failed(name, error, again);
    } finally {
      running -= 1;
      if (this.#abort === abort) this.#abort = null;
      this.#tell();
    }
  }

  #stored({ url, alt, width, height, name, size }) {
    this.#state();
    this.url.value = url;
    if (this.alt && !this.alt.value) this.alt.value = alt ?? '';
    this.facts = [name, width && `${width} × ${height}`, size && bytes(size)].filter(Boolean).join(', ');
    this.draw();
    announce(`${name ?? 'The picture'} is uploaded`);
    this.url.dispatchEvent(new CustomEvent('change', { bubbles: true, detail: 'stored' }));
  }

  #failed(name, error, again) {
    if (error.kind === 'cancelled' || error.name === 'AbortError') {
      this.#forget();
      this.#state();
      this.draw();
      return;
    }
    const dismiss = h('button', { type: 'button', class: 'btn s g sq', 'aria-label': 'Dismiss', onclick: () => { this.#forget(); this.#state(); this.draw(); } }, icon('x'));
    const retry = error.again === false ? null : h('button', { type: 'button', class: 'btn s', onclick: again }, 'Try again');
    this.#state(h('span', { class: 'ph0' }, icon('triangle-alert')), h('div', { role: 'alert' }, h('b', {}, name), h('small', { class: 'e' }, error.message)), retry, dismiss);
    if (error.kind === 'signed-out') document.dispatchEvent(new CustomEvent('ld:signin', { cancelable: true }));
  }

  #state(...children) {
    this.state.hidden = children.length === 0;
    this.state.replaceChildren(...children.filter(Boolean));
  }

  #forget() {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = null;
  }

  #remove() {
    this.#abort?.abort();
    this.#forget();
    this.url.value = '';
    if (this.alt) this.alt.value = '';
    this.facts = '';
    this.draw();
    announce(`${this.label} removed`);
    this.url.dispatchEvent(new CustomEvent('change', { bubbles: true, detail: 'stored' }));
    this.button.focus();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent('ld-uploads', { bubbles: true }));
  }

  /** Shows what is chosen. */
  draw() {
    const address = this.#preview ?? this.url.value;
    const local = address && (address.startsWith('blob:') || new URL(address, location.href).origin === location.origin);
    const picture = local && (this.#preview || !/\.(pdf|mp4|mp3|docx?|xlsx?|csv|txt|zip)$/i.test(address));
    this.shot.replaceChildren(picture ? h('img', { src: address, alt: '', onerror: ({ target }) => target.replaceWith(empty('file')) }) : empty(address ? 'file' : 'image'));
    this.button.replaceChildren(icon('upload', 'sm'), this.url.value ? 'Replace' : 'Choose a file');
    this.clear.hidden = !this.url.value;
    if (this.alt) this.alt.parentElement.hidden = !this.url.value;
    this.#note();
  }

  #note() {
    const own = this.url.value === this.first ? this.dataset.ownAlt ?? '' : '';
    const blank = Boolean(this.url.value && this.alt && !this.alt.value.trim());
    const missing = blank && !own && !this.dataset.decorative;
    if (this.alt) this.alt.placeholder = own;
    if (!this.url.value) {
      this.noted.replaceChildren('Choose a file, drop it here or paste it.');
    } else if (missing) {
      this.noted.replaceChildren(icon('triangle-alert', 'sm'), 'Add alt text: say what matters in the picture.');
    } else {
      this.noted.replaceChildren(blank && own ? `The picture’s own text is used: “${own}”` : this.facts ?? '');
    }
    this.noted.classList.toggle('warn', missing);
  }
}

function empty(picture) {
  return h('span', { class: 'ed-nothing' }, icon(picture, 'lg'));
}

function bytes(size) {
  return size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1e3))} KB`;
}

/** "38.2 of 82.9 MB, 11 s left". */
function progress(loaded, total, spent) {
  if (!total) return bytes(loaded);
  const left = loaded > 0 && spent > 800 ? Math.round((spent / loaded) * (total - loaded) / 1000) : null;
  return `${total >= 1e6 ? (loaded / 1e6).toFixed(1) : bytes(loaded)} of ${bytes(total)}${left ? `, ${left} s left` : ''}`;
}
