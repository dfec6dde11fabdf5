// A list whose items have one place for a file each takes many files at once: an item for every file.

import { toast } from '../toast.js';
import { announce, count, h, icon } from './dom.js';
import { acceptOf } from './image.js';
import { accepts } from '../upload.js';

/** The gallery that a list of items made from `template` is, or null when its items hold no file, or several. */
export function galleryOf(list, template) {
  const places = template?.content.querySelectorAll('ld-image');
  return places?.length === 1 ? new Gallery(list, acceptOf(places[0])) : null;
}

class Gallery {
  constructor(list, accept) {
    Object.assign(this, { list, accept });
    this.input = h('input', { type: 'file', hidden: true, multiple: true, accept, 'aria-label': `Files for ${this.name}` });
    this.input.addEventListener('change', (event) => {
      event.stopPropagation();
      this.take([...this.input.files]);
      this.input.value = '';
    });
    this.button = h('button', { type: 'button', class: 'btn ed-add', onclick: () => this.input.click() }, icon('upload'), 'Upload many files');
    const cardOf = (image) => list.items().find((card) => card === image.closest('.cmp'));
    list.addEventListener('ld-picture', ({ target }) => this.show(cardOf(target)));
    // What cannot be seen in a closed card: why a file did not arrive, and what is asked about it.
    list.addEventListener('ld-attention', ({ target }) => {
      const card = cardOf(target);
      if (card) list.open(card);
    });
  }

  get name() {
    return this.list.dataset.name || 'this list';
  }

  /** Whether something of this type may be dropped here. */
  takes(type) {
    return !this.list.full && !this.button.matches(':disabled') && (!type || accepts(this.accept, type) || this.accept.includes('.'));
  }

  /** Makes an item for every file, behind the item `after`, and uploads them. One step back takes them all away. */
  take(files, after) {
    const fitting = files.slice(0, this.list.room);
    const left = files.length - fitting.length;
    if (left > 0) toast({ kind: 'warn', title: `${count(left, 'file')} did not fit`, detail: `${this.name} holds ${this.list.dataset.max}.` });
    const ids = this.list.addBlank(fitting.length, after, `Add ${count(fitting.length, 'file')}`);
    for (const [at, id] of ids.entries()) this.list.item(id).querySelector('ld-image').take(fitting[at]);
    if (ids.length) announce(`${count(ids.length, 'file')} added to ${this.name}`);
  }

  /** Shows the picture of an item in the header of its card. */
  show(card) {
    const place = card?.querySelector(':scope > header .ico');
    const { source, busy } = card?.querySelector('ld-image')?.thumb ?? {};
    if (!place) return;
    place.classList.toggle('is-waiting', Boolean(busy));
    if (!source) place.replaceChildren(icon('image'));
    else if (place.firstElementChild?.getAttribute('src') !== source) {
      place.replaceChildren(h('img', { src: source, alt: '', onerror: () => place.replaceChildren(icon('file')) }));
    }
  }
}
