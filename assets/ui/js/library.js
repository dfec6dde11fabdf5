// The media library's screen: pictures on their way, files that are dropped, pasted or chosen, downloads.

import { announce } from './announce.js';
import { pictures } from './library/pictures.js';

/** Around the whole list. What uploads is loaded with the first file. */
class Library extends HTMLElement {
  #engine = null;
  #over = 0;

  connectedCallback() {
    pictures(this);
    document.addEventListener('htmx:afterSettle', this.#settled);
    this.addEventListener('click', this.#clicked);
    document.addEventListener('click', this.#asked);
    if (!('takes' in this.dataset)) return;
    this.querySelector('[data-files]').addEventListener('change', ({ target }) => {
      this.#take([...target.files]);
      target.value = '';
    });
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) document.addEventListener(kind, this.#dragged);
    document.addEventListener('paste', this.#pasted);
    document.addEventListener('submit', this.#brought);
    this.#resume();
  }

  disconnectedCallback() {
    document.removeEventListener('htmx:afterSettle', this.#settled);
    document.removeEventListener('click', this.#asked);
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) document.removeEventListener(kind, this.#dragged);
    document.removeEventListener('paste', this.#pasted);
    document.removeEventListener('submit', this.#brought);
  }

  #settled = () => {
    pictures(this);
    const asking = document.querySelector('dialog[data-opens]');
    if (!asking) return;
    asking.removeAttribute('data-opens');
    asking.showModal();
  };

  /** Buttons of the page's head stand outside. */
  #asked = (event) => {
    if (event.target.closest('[data-upload]')) this.querySelector('[data-files]')?.click();
  };

  #clicked = (event) => {
    const button = event.target.closest('[data-download]');
    if (!button) return;
    const ids = [...this.querySelectorAll('[data-row]:checked')].map(({ value }) => value);
    if (ids.length) location.assign(`${button.dataset.download}?ids=${ids.join(',')}`);
  };

  #dragged = (event) => {
    if (![...event.dataTransfer?.types ?? []].includes('Files') || document.querySelector('dialog:modal')) return;
    event.preventDefault();
    this.#over += { dragenter: 1, dragleave: -1 }[event.type] ?? 0;
    if (event.type === 'drop') {
      this.#over = 0;
      this.#take([...event.dataTransfer.files]);
    }
    this.querySelector('[data-catch]').hidden = this.#over <= 0;
  };

  #pasted = (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length === 0 || event.target.closest?.('input, textarea')) return;
    event.preventDefault();
    this.#take(files);
  };

  #brought = async (event) => {
    const form = event.target.closest('form[data-bring]');
    if (!form) return;
    event.preventDefault();
    const address = form.elements.address.value.trim();
    form.closest('dialog').close();
    form.reset();
    (await this.#uploads()).bring(address);
  };

  async #take(files) {
    if (files.length === 0) return;
    announce(files.length === 1 ? `Uploading ${files[0].name}` : `Uploading ${files.length} files`);
    const uploads = await this.#uploads();
    for (const file of files) uploads.take(file);
  }

  /** What was on its way when the page was left is in the browser's database. */
  async #resume() {
    const databases = await globalThis.indexedDB?.databases?.().catch(() => []) ?? [];
    if (databases.some(({ name }) => name === 'larder-uploads')) (await this.#uploads()).resume();
  }

  #uploads() {
    this.#engine ??= import(this.dataset.engine).then(({ Uploads }) => new Uploads(this));
    return this.#engine;
  }
}

customElements.define('ld-library', Library);
