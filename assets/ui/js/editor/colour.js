// <ld-colour>: a hex field with a swatch, and the colours this site has used lately to choose from.

import { announce, h } from './dom.js';
import { fieldOf, labelOf } from './field.js';
import { ask } from './transport.js';

const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
let used;

/** The site's colours, asked for once per page. */
function palette() {
  used ??= ask('GET', '/admin/colours', { patience: 8000 }).then(({ status, body }) => (status === 200 ? body.colours : []), () => {
    used = undefined;
    return [];
  });
  return used;
}

export class LdColour extends HTMLElement {
  #ready = false;

  connectedCallback() {
    if (this.#ready) return;
    this.#ready = true;
    this.input = this.querySelector('input');
    if (!this.input) return;
    this.swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    this.choices = h('div', { class: 'swatches', role: 'group', hidden: true, 'aria-label': `Colours used on this site, for ${labelOf(fieldOf(this) ?? this)}` });
    const row = h('div', { class: 'pick1' });
    this.input.before(row);
    row.append(this.swatch, this.input);
    this.append(this.choices);
    this.choices.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button) this.#choose(button.dataset.colour);
    });
    for (const name of ['input', 'ld-set']) this.input.addEventListener(name, () => this.#draw());
    this.#draw();
    if (this.input.matches(':enabled')) palette().then((colours) => this.#offer(colours));
  }

  #offer(colours) {
    this.choices.replaceChildren(...colours.map((colour) => {
      const button = h('button', { type: 'button', 'data-colour': colour, 'aria-label': colour, title: colour });
      button.style.setProperty('--colour', colour);
      return button;
    }));
    this.choices.hidden = colours.length === 0;
    this.#draw();
  }

  #choose(colour) {
    this.input.value = colour;
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
    announce(`${colour} chosen`);
  }

  #draw() {
    const colour = this.input.value.trim();
    const known = COLOUR.test(colour);
    this.swatch.classList.toggle('none', !known);
    this.swatch.style.setProperty('--colour', known ? colour : 'transparent');
    for (const button of this.choices.children) button.setAttribute('aria-pressed', String(button.dataset.colour === colour.toUpperCase()));
  }
}
