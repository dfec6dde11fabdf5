import { csrf } from '../csrf.js';
import { icon } from '../icon.js';
import { UploadError, problemOf } from '../upload.js';
import { node } from './node.js';

/** Putting another file in the place of one: it is shown first, and sent when somebody says so. */
export class Replacing {
  #part;
  #facts;
  #dialog;
  #file = null;
  #sending = null;
  #shown = null;

  constructor(part, input, facts) {
    this.#part = part;
    this.#facts = facts;
    this.#dialog = part.querySelector('#replace');
    document.addEventListener('click', ({ target }) => { if (target.closest('[data-replace]')) input.click(); });
    input.addEventListener('change', () => {
      if (input.files[0]) this.#ask(input.files[0]);
      input.value = '';
    });
    this.#button().addEventListener('click', () => this.#send());
    this.#dialog.addEventListener('close', () => {
      this.#sending?.abort();
      if (this.#shown) URL.revokeObjectURL(this.#shown);
      this.#shown = null;
    });
  }

  #button() {
    return this.#dialog.querySelector('[data-replace-do]');
  }

  #ask(file) {
    this.#file = file;
    this.#shown = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    const { name, used } = this.#facts;
    const places = used === 0 ? 'Nothing shows it yet.' : `It is shown in ${used} ${used === 1 ? 'place' : 'places'}, which change at once.`;
    this.#dialog.querySelector('[data-replace-words]').textContent = `“${file.name}” takes the place of “${name}”. ${places}`;
    const problem = problemOf(file);
    this.#state(problem ? problem.message : '', Boolean(problem));
    this.#button().disabled = Boolean(problem);
    this.#dialog.showModal();
  }

  #state(text, wrong, meter) {
    const look = this.#shown ? node('img', '', { src: this.#shown, alt: '' }) : node('span', 'ph0', {}, icon('file'));
    const says = text && node('small', wrong ? 'e' : '', wrong ? { role: 'alert' } : {}, text);
    this.#dialog.querySelector('[data-replace-state]').replaceChildren(look, node('div', '', {}, node('b', '', { dir: 'auto' }, this.#file.name), says, meter));
  }

  async #send() {
    const bar = node('i');
    const meter = node('div', 'meter', { role: 'progressbar', 'aria-label': this.#file.name, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': '0' }, bar);
    this.#state('', false, meter);
    this.#button().setAttribute('aria-busy', 'true');
    try {
      await this.#request((percent) => {
        bar.style.width = `${percent}%`;
        meter.setAttribute('aria-valuenow', String(percent));
      });
      location.reload();
    } catch (error) {
      if (error.kind !== 'cancelled') this.#state(error.message, true);
      this.#button().removeAttribute('aria-busy');
    }
  }

  #request(far) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.#sending = request;
      let percent = 0;
      request.open('POST', `${this.#part.dataset.save}/replace`);
      request.setRequestHeader('X-CSRF-Token', csrf());
      request.setRequestHeader('Accept', 'application/json');
      request.upload.addEventListener('progress', ({ loaded, total }) => {
        percent = total ? Math.floor((loaded / total) * 100) : 0;
        far(percent);
      });
      request.addEventListener('error', () => reject(new UploadError('network', `The connection broke at ${percent} %. Nothing was replaced: try again.`)));
      request.addEventListener('abort', () => reject(new UploadError('cancelled', 'It was not replaced.')));
      request.addEventListener('load', () => {
        if (request.status < 300) resolve();
        else reject(new UploadError('refused', said(request)));
      });
      const form = new FormData();
      form.append('file', this.#file, this.#file.name);
      request.send(form);
    });
  }
}

function said({ status, responseText }) {
  try {
    return JSON.parse(responseText).message;
  } catch {
    return `The server did not take it (answer ${status}). Nothing was replaced.`;
  }
}
