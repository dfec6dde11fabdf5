// Files on their way into the library, one line each. Loaded with the first of them.

import { announce } from './announce.js';
import { icon } from './icon.js';
import { node, sign } from './library/node.js';
import { changeFacts } from './media/facts.js';
import { keptFor } from './media/kept.js';
import { Pace, bring, bytes, upload } from './upload.js';

/** Where large files are kept for until they have arrived. */
const PLACE = 'library';

/** The list of uploads of a `<ld-library>`. */
export class Uploads {
  #library;
  #box;
  #list;
  #lines = new Set();

  constructor(library) {
    this.#library = library;
    this.#box = library.querySelector('[data-uploads]');
    this.#list = this.#box.querySelector('[data-list]');
    this.#box.querySelector('[data-cancel-all]').addEventListener('click', () => this.#all((line) => line.cancel()));
    this.#box.querySelector('[data-close]').addEventListener('click', () => this.#close());
    addEventListener('beforeunload', (event) => { if (this.#running()) event.preventDefault(); });
  }

  /** Uploads a file into the folder that is shown. */
  take(file, resumed) {
    const { folder } = resumed ?? this.#library.dataset;
    const place = () => ({ place: PLACE, folder });
    this.#add(file.name || 'Picture', file, folder, (options) => upload(file, { ...options, place, resumed }));
  }

  /** Goes on with what a reload of the page cut off. */
  async resume() {
    for (const kept of await keptFor(PLACE).catch(() => [])) this.take(kept.file, kept);
  }

  /** Has the server fetch a file. */
  bring(address) {
    this.#add(address, null, this.#library.dataset.folder, (options) => bring(address, options));
  }

  #add(name, file, folder, send) {
    this.#box.hidden = false;
    const line = new Line(name, file, folder, send, () => this.#changed());
    line.gone = () => { this.#lines.delete(line); this.#changed(); };
    this.#lines.add(line);
    this.#list.append(line.element);
    line.run();
  }

  #running() {
    return [...this.#lines].filter(({ state }) => state === 'runs').length;
  }

  /** Says how far all are; the list below is asked for again when a batch has ended. */
  #changed() {
    const lines = [...this.#lines];
    const [running, failed] = [this.#running(), lines.filter(({ state }) => state === 'failed').length];
    const done = lines.filter(({ state }) => state === 'done').length;
    const sum = this.#box.querySelector('[data-sum]');
    const words = [`${done} of ${lines.length} uploaded`];
    if (failed) words.push(`${failed} need${failed === 1 ? 's' : ''} attention`);
    sum.textContent = running ? `Uploading: ${words.join(', ')}` : words.join(', ');
    this.#box.querySelector('[data-cancel-all]').hidden = running === 0;
    this.#box.querySelector('[data-close]').hidden = running > 0;
    if (lines.length === 0) this.#box.hidden = true;
    if (running) return;
    if (lines.length) announce(sum.textContent);
    if (lines.some(({ fresh }) => fresh)) {
      for (const line of lines) line.fresh = false;
      document.dispatchEvent(new CustomEvent('ld:library'));
    }
  }

  #all(what) {
    for (const line of [...this.#lines]) what(line);
  }

  #close() {
    this.#all((line) => line.remove());
    document.querySelector('[data-upload]')?.focus();
  }
}

/** One file on its way. */
class Line {
  state = 'runs';
  fresh = false;
  element = node('li', 'up');
  #name;
  #send;
  #folder;
  #tell;
  #preview;
  #abort = null;

  constructor(name, file, folder, send, tell) {
    this.#name = name;
    this.#send = send;
    this.#folder = folder ? Number(folder) : null;
    this.#tell = tell;
    this.#preview = file?.type.startsWith('image/') ? URL.createObjectURL(file) : null;
  }

  async run() {
    this.state = 'runs';
    this.#abort = new AbortController();
    const bar = node('i');
    const meter = node('div', 'meter', { role: 'progressbar', 'aria-label': this.#name, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': '0' }, bar);
    const far = node('span', 'num', {}, 'Waiting');
    this.#show(node('div', '', {}, node('b', '', { dir: 'auto' }, this.#name, far), meter), sign('x', `Cancel ${this.#name}`, () => this.cancel()));
    this.#tell();
    const pace = new Pace();
    const onprogress = ({ loaded, total }) => {
      const percent = total ? Math.round((loaded / total) * 100) : 0;
      bar.style.width = `${percent}%`;
      meter.setAttribute('aria-valuenow', String(percent));
      far.textContent = pace.say({ loaded, total });
    };
    try {
      await this.#done(await this.#send({ onprogress, signal: this.#abort.signal }));
    } catch (error) {
      this.#failed(error);
    }
    this.#tell();
  }

  cancel() {
    if (this.state === 'runs') this.#abort?.abort();
  }

  remove() {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.element.remove();
    this.gone();
  }

  async #done(facts) {
    // It is in the library all the same when it does not get into the folder.
    if (this.#folder !== null && !facts.known) await changeFacts(facts.id, { folder: this.#folder }).catch(() => null);
    this.state = 'done';
    this.fresh = true;
    const picture = facts.type?.startsWith('image/') ?? Boolean(facts.width);
    const says = facts.known ? 'Already in the library.' : 'Ready.';
    const link = node('a', '', { href: `/admin/media/${facts.id}` }, facts.known ? 'Use that one' : picture && !facts.alt ? 'Add alt text' : 'Show');
    const parts = [node('div', '', {}, node('b', '', { dir: 'auto' }, facts.name ?? this.#name, node('span', 'num', {}, bytes(facts.size))), node('small', '', {}, `${says} `, link))];
    if (picture && !facts.alt) parts.push(node('span', 'bdg drf', {}, icon('triangle-alert'), 'No alt text'));
    this.#show(...parts);
  }

  #failed(error) {
    if (error.kind === 'cancelled' || error.name === 'AbortError') {
      this.remove();
      return;
    }
    this.state = 'failed';
    if (error.kind === 'signed-out') document.dispatchEvent(new CustomEvent('ld:signin', { cancelable: true }));
    const again = error.again === false ? null : node('button', 'btn s', { type: 'button' }, 'Try again');
    again?.addEventListener('click', () => this.run());
    this.#show(node('div', '', { role: 'alert' }, node('b', '', { dir: 'auto' }, this.#name), node('small', 'e', {}, error.message ?? 'It could not be uploaded.')), again, sign('x', `Dismiss ${this.#name}`, () => this.remove()));
  }

  #show(...parts) {
    const shown = this.#preview && this.state !== 'failed'
      ? node('img', '', { src: this.#preview, alt: '' })
      : node('span', 'ph0', {}, icon(this.state === 'failed' ? 'triangle-alert' : 'file'));
    this.element.replaceChildren(shown, ...parts.filter(Boolean));
  }
}
