// One picture or file: what is typed is saved, the focal point is shown and moved, the file is replaced.
import './library/tags.js';
import { announce } from './announce.js';
import { icon } from './icon.js';
import { pictures } from './library/pictures.js';
import { Focal } from './library/focal.js';
import { node } from './library/node.js';
import { Replacing } from './library/replacing.js';
import { Saving } from './library/saving.js';
import { openImageTool } from './media/tool.js';
import { toast } from './toast.js';

const TEXTS = ['name', 'alt'];

/** Around the details of one file. */
class Asset extends HTMLElement {
  #facts;
  #form;
  #saving;
  #focal;
  #undo = [];

  connectedCallback() {
    pictures(this);
    this.#facts = JSON.parse(this.querySelector('[data-facts]').textContent);
    this.#form = this.querySelector('[data-form]');
    this.#counts();
    if (this.#form.querySelector('fieldset').disabled) return;
    this.#saving = new Saving({ facts: this.#facts, line: this.querySelector('[data-line]'), person: this.dataset.user, onsaved: (facts) => this.#saved(facts), onmet: (fields, facts) => this.#met(fields, facts), onwrong: (field, text) => this.#wrong(field, text) });
    const frame = this.querySelector('[data-frame]');
    if (frame?.querySelector('[data-spot]')) this.#focal = new Focal(this, this.#facts.focal, (focal, before) => this.#choose('focal', focal, before));
    this.#form.addEventListener('input', ({ target }) => { if (TEXTS.includes(target.name)) this.#typed(target); });
    this.#form.addEventListener('change', ({ target }) => this.#changed(target));
    this.#form.addEventListener('submit', (event) => { event.preventDefault(); this.#saving.now(); });
    document.addEventListener('keydown', this.#key);
    document.addEventListener('click', this.#clicked);
    const file = this.querySelector('[data-file]');
    if (file) new Replacing(this, file, this.#facts);
    for (const [field, value] of Object.entries(this.#saving.resume())) this.#show(field, value);
    // What was typed before this script was there.
    for (const field of TEXTS) {
      const control = this.#form.elements[field];
      if (control && control.value !== control.defaultValue) this.#typed(control);
    }
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.#key);
    document.removeEventListener('click', this.#clicked);
  }

  #typed({ name, value }) {
    if (name === 'alt') this.#counts();
    this.#wrong(name, '');
    if (name === 'name' && !value.trim()) {
      this.#wrong('name', 'A file needs a name.');
      return;
    }
    this.#saving.put(name, value);
  }

  #changed({ name, value }) {
    if (name === 'folder') this.#choose('folder', value ? Number(value) : null, this.#facts.folder);
    else if (name === 'tags') this.#choose('tags', tagsIn(value), this.#facts.tags);
  }

  /** A choice, which Ctrl Z takes back. */
  #choose(field, value, before) {
    this.#undo.push({ field, value: before });
    this.#facts[field] = value;
    this.#saving.put(field, value);
    if (field === 'focal' && value === null) toast({ title: 'The focal point is cleared', detail: 'Crops keep the middle in sight.', actions: [{ label: 'Undo', run: () => this.#back() }] });
    if (field === 'tags' && value.length < before.length) toast({ title: 'The tag is off', detail: before.filter((tag) => !value.includes(tag)).join(', '), actions: [{ label: 'Undo', run: () => this.#back() }] });
  }

  #back() {
    const last = this.#undo.pop();
    if (!last) return;
    this.#facts[last.field] = last.value;
    this.#show(last.field, last.value);
    this.#saving.put(last.field, last.value);
    announce('Undone');
  }

  #key = (event) => {
    const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      this.#saving.now();
    } else if (undo && !event.target.matches('input, textarea') && this.#undo.length) {
      event.preventDefault();
      this.#back();
    }
  };

  #clicked = async ({ target }) => {
    if (!target.closest('[data-tool]')) return;
    await this.#saving.now();
    const changed = await openImageTool({ facts: { ...this.#facts }, focus: 'focal' });
    if (!changed) return;
    for (const field of ['alt', 'focal']) {
      if (changed[field] === undefined) continue;
      this.#facts[field] = changed[field];
      this.#saving.known(field, changed[field]);
      this.#show(field, changed[field]);
    }
  };

  /** Puts a value where it is shown, without saving it. */
  #show(field, value) {
    if (field === 'focal') this.#focal?.show(value);
    const control = this.#form.elements[field];
    if (!control) return;
    control.value = field === 'tags' ? value.join(', ') : value ?? '';
    control.dispatchEvent(new CustomEvent('ld:shown'));
    if (field === 'alt') this.#counts();
  }

  #saved(facts) {
    Object.assign(this.#facts, { tags: facts.tags, folder: facts.folder, focal: facts.focal, name: facts.name, alt: facts.alt });
    for (const shown of document.querySelectorAll('[data-shown="name"]')) shown.textContent = facts.name;
    const picture = this.querySelector('[data-shown="picture"]');
    if (picture) picture.alt = facts.alt;
    for (const field of TEXTS) {
      const was = this.#form.elements[`was.${field}`];
      if (was) was.value = facts[field];
    }
    this.#box().hidden = true;
  }

  /** Somebody else changed the same: both versions are shown, and nothing is lost. */
  #met(fields, theirs) {
    const box = this.#box();
    const take = node('button', 'btn s', { type: 'button' }, 'Take theirs');
    const keep = node('button', 'btn s p', { type: 'button' }, 'Keep mine');
    const said = fields.map((field) => node('p', '', { dir: 'auto' }, `Theirs: ${field === 'tags' ? theirs.tags.join(', ') : theirs[field] ?? 'nothing'}`));
    box.replaceChildren(icon('users'), node('div', '', {}, node('b', '', {}, 'Somebody changed this meanwhile'), ...said), node('span', 'r', {}, take, keep));
    box.hidden = false;
    announce('Somebody changed this meanwhile. Choose which version stays.', 'assertive');
    take.addEventListener('click', () => {
      for (const field of fields) {
        this.#facts[field] = theirs[field];
        this.#show(field, theirs[field]);
      }
      this.#saving.settle(fields, theirs, false);
      box.hidden = true;
    });
    keep.addEventListener('click', () => {
      this.#saving.settle(fields, theirs, true);
      box.hidden = true;
    });
  }

  #wrong(field, text) {
    const place = this.querySelector(`#${field}-err`);
    const control = this.#form.elements[field];
    if (!place || !control) return;
    place.hidden = !text;
    place.textContent = text;
    if (text) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  }

  #box() {
    return this.querySelector('[data-met]');
  }

  /** Long alternative texts are read in one go; from 80 % on it is said how long it is. */
  #counts() {
    const place = this.querySelector('[data-count-of="alt"]');
    if (place) place.textContent = `${[...this.#form.elements.alt.value.trim()].length} / 125`;
  }
}

function tagsIn(text) {
  return text.split(',').map((tag) => tag.trim()).filter(Boolean);
}

customElements.define('ld-asset', Asset);
