// The dialog of the image tool: what the picture shows, which part of it, and which spot stays in view.

import { closed } from '../closed.js';
import { count, dialog, h, icon } from '../editor/dom.js';
import { addressOf, parse, rendition } from '../media/address.js';
import { changeFacts } from '../media/facts.js';
import { fits, isWhole, largest, ratioOf, reshaped, typed, whole } from './crop.js';
import { Previews } from './previews.js';
import { Stage } from './stage.js';
import { weightOf } from './weight.js';

const SHAPES = ['16:9', '4:3', '1:1', '4:5'];
const ALT_LENGTH = 125;
const SIDES = [['Left', 'x'], ['Top', 'y'], ['Width', 'width'], ['Height', 'height']];

/** Opens the tool; see `media/tool.js`, which loads it. */
export async function openImageTool({ facts, value = null, shape = null, focus = 'alt' }) {
  const picture = await shown(facts);
  const bounds = { width: facts.width ?? picture.naturalWidth, height: facts.height ?? picture.naturalHeight };
  return new Tool({ facts, value, shape, picture, bounds }).open(focus);
}

/** The picture, large enough for the stage; as it is stored where the server makes no smaller one. */
async function shown({ url }) {
  const img = h('img', { alt: '', draggable: 'false' });
  for (const source of [rendition(url, { width: 1200 }), url]) {
    img.src = source;
    try {
      await img.decode();
      return img;
    } catch {
      // The next one may work.
    }
  }
  throw new Error(`the picture ${url} cannot be shown`);
}

class Tool {
  #busy = false;

  constructor({ facts, value, shape, picture, bounds }) {
    Object.assign(this, { facts, value, shape: ratioOf(shape) ? shape : null, bounds });
    // Drawings and moving pictures are handed out as they are.
    this.crops = Boolean(value) && facts.type !== 'image/svg+xml' && !(facts.frames > 1);
    this.begin = { crop: this.#cropOf(value), focal: facts.focal ?? null, alt: (value ? value.alt : facts.alt) ?? '', decorative: Boolean(value?.decorative) };
    this.state = { ...this.begin, shape: this.#shapeOf(this.begin.crop) };
    this.stage = new Stage({
      picture,
      cropped: this.crops,
      onCrop: (crop) => this.#change({ crop }),
      onFocal: (focal) => this.#change({ focal }),
    });
    this.previews = new Previews(picture.src, this.shape);
    this.#build();
    this.#draw();
  }

  /** Resolves when the dialog is closed. */
  async open(focus) {
    const before = document.activeElement;
    document.body.append(this.dom);
    this.dom.showModal();
    const first = { alt: this.alt, crop: this.crops ? this.stage.frame : this.stage.mark, focal: this.stage.mark }[focus] ?? this.alt;
    (first.disabled ? this.decorative : first).focus();
    await closed(this.dom);
    this.dom.remove();
    if (before?.isConnected) before.focus();
    return this.result ?? null;
  }

  #cropOf(value) {
    const crop = this.crops && value ? parse(value.url)?.crop : null;
    if (!crop) return this.crops && this.shape ? largest(this.bounds, ratioOf(this.shape), this.facts.focal ?? undefined) : this.crops ? whole(this.bounds) : null;
    const [x, y, width, height] = crop;
    return typed({ x, y, width, height }, 'x', x, null, this.bounds);
  }

  #shapeOf(crop) {
    if (this.shape || !crop) return this.shape;
    return isWhole(crop, this.bounds) ? null : SHAPES.find((shape) => fits(crop, ratioOf(shape))) ?? null;
  }

  #build() {
    const title = h('h2', { id: 'it-title' }, 'Edit image');
    const close = h('button', { type: 'button', class: 'btn g sq', 'aria-label': 'Close', onclick: () => this.#leave() }, icon('x'));
    this.alerted = h('p', { class: 'err', role: 'alert', hidden: true });
    this.use = h('button', { type: 'button', class: 'btn p', onclick: () => this.#use() }, this.value ? 'Use image' : 'Save');
    this.said = h('p', { class: 'sr', id: 'it-said', role: 'status' });
    this.dom = h('dialog', { class: 'dlg wide it', 'aria-labelledby': 'it-title' },
      h('header', {}, title, h('span', { class: 'it-name' }, this.facts.name ?? ''), close),
      h('div', { class: 'it-tool' },
        h('div', { class: 'it-stage' }, h('div', { class: 'it-mat' }, this.stage.dom), this.crops ? this.#shapes() : null, this.said),
        h('div', { class: 'it-side' }, this.#altField(), this.crops ? this.#numbers() : null, this.#focalField(), this.#weight(), this.alerted)),
      h('footer', {}, h('span', { class: 'it-promise' }, icon('check', 'sm'), 'The original stays untouched. Sizes are made when a page asks for them.'),
        h('span', { class: 'r' }, h('button', { type: 'button', class: 'btn g', onclick: () => this.#reset() }, 'Reset'),
          h('button', { type: 'button', class: 'btn', onclick: () => this.dom.close() }, 'Cancel'), this.use)));
    this.dom.addEventListener('cancel', (event) => event.preventDefault());
    this.dom.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.#leave();
    });
  }

  #altField() {
    this.alt = h('textarea', { class: 'in big', id: 'it-alt', rows: '3', 'aria-describedby': 'it-alt-hint', placeholder: this.value ? this.facts.alt ?? '' : '' });
    this.alt.value = this.begin.alt;
    this.counter = h('span', { class: 'h num' });
    this.alt.addEventListener('input', () => this.#change({ alt: this.alt.value }));
    this.decorative = h('input', { type: 'checkbox', checked: this.begin.decorative });
    this.decorative.addEventListener('change', () => this.#change({ decorative: this.decorative.checked }));
    return h('div', { class: 'f' }, h('label', { for: 'it-alt' }, 'Alt text ', this.counter), this.alt,
      h('p', { class: 'hint', id: 'it-alt-hint' }, 'Say what matters in the picture. Leave “photo of” out.'),
      this.value ? h('label', { class: 'opt' }, this.decorative, 'Decorative: it adds nothing to the words') : null);
  }

  #numbers() {
    this.numbers = SIDES.map(([name, side]) => {
      const input = h('input', { class: 'in', type: 'number', id: `it-${side}`, inputmode: 'numeric', min: '0', step: '1' });
      input.addEventListener('change', () => {
        this.#change({ crop: typed(this.state.crop, side, input.valueAsNumber, ratioOf(this.state.shape), this.bounds) });
        this.#draw();
      });
      return { side, input, dom: h('div', {}, h('label', { for: input.id }, name), input) };
    });
    return h('div', { class: 'f', role: 'group', 'aria-labelledby': 'it-crop' },
      h('div', { class: 'l0', id: 'it-crop' }, 'Crop, in pixels ', h('span', { class: 'h' }, 'arrow keys nudge')),
      h('div', { class: 'four' }, this.numbers.map(({ dom }) => dom)));
  }

  #shapes() {
    const choices = this.shape ? [this.shape] : [null, ...SHAPES];
    this.shapes = choices.map((shape) => ({ shape, dom: h('button', { type: 'button', onclick: () => this.#take(shape) }, shape ?? 'Free') }));
    return h('div', { class: 'seg', role: 'group', 'aria-label': 'Shape' }, this.shapes.map(({ dom }) => dom));
  }

  #focalField() {
    this.focal = h('span', { class: 'h num' });
    return h('div', { class: 'f' }, h('div', { class: 'l0' }, 'Focal point ', this.focal), this.previews.dom,
      h('p', { class: 'hint' }, 'This spot stays in view wherever the picture is cut. Click it in the picture.'));
  }

  #weight() {
    const said = h('p', { class: 'hint', role: 'status' });
    const button = h('button', {
      type: 'button', class: 'btn s', onclick: async () => {
        button.setAttribute('aria-busy', 'true');
        try {
          said.textContent = await weightOf(this.#address());
        } catch {
          said.textContent = 'This could not be measured now.';
        }
        button.removeAttribute('aria-busy');
      },
    }, icon('smartphone', 'sm'), 'How heavy on phones?');
    this.weight = said;
    return h('div', { class: 'f it-weight' }, button, said);
  }

  #take(shape) {
    const ratio = ratioOf(shape);
    const { crop, focal } = this.state;
    const next = !ratio ? crop : isWhole(crop, this.bounds) ? largest(this.bounds, ratio, focal ?? undefined) : reshaped(crop, ratio, this.bounds);
    this.#change({ shape, crop: next });
  }

  #reset() {
    this.#change({ crop: this.#cropOf(null), focal: null, shape: this.shape });
    this.say('The whole picture, without a focal point');
  }

  #change(changes) {
    Object.assign(this.state, changes);
    if ('crop' in changes) this.weight.textContent = '';
    this.#draw();
    if (changes.crop) this.#sayCrop(changes.crop);
  }

  /** Says where the crop is once it rests, so that held keys are not answered one by one. */
  #sayCrop({ x, y, width, height }) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(`Left ${x}, top ${y}, ${width} by ${height} pixels`), 400);
  }

  say(text) {
    this.said.textContent = text;
  }

  #draw() {
    const { state, bounds } = this;
    const ratio = ratioOf(state.shape);
    this.stage.draw({ bounds, crop: state.crop, focal: state.focal, ratio });
    this.previews.draw({ bounds, crop: state.crop, focal: state.focal });
    for (const { side, input } of this.numbers ?? []) {
      input.value = String(state.crop[side]);
      input.max = String(side === 'x' || side === 'width' ? bounds.width : bounds.height);
    }
    for (const { shape, dom } of this.shapes ?? []) dom.setAttribute('aria-pressed', String(shape === state.shape));
    const [across, down] = state.focal ?? [0.5, 0.5];
    this.focal.textContent = state.focal ? `${Math.round(across * 100)} % across, ${Math.round(down * 100)} % down` : 'the middle';
    this.alt.disabled = state.decorative;
    this.counter.textContent = `${[...state.alt].length} / ${ALT_LENGTH}`;
    this.counter.classList.toggle('over', [...state.alt].length > ALT_LENGTH);
  }

  get #changed() {
    const { begin, state } = this;
    return JSON.stringify([state.crop, state.focal, state.alt, state.decorative]) !== JSON.stringify([begin.crop, begin.focal, begin.alt, begin.decorative]);
  }

  async #leave() {
    if (this.asking) return;
    if (this.#changed) {
      this.asking = true;
      const buttons = [{ text: 'Keep editing', value: '' }, { text: 'Leave without them', value: 'leave', look: 'dz p' }];
      const answer = await dialog({ title: 'Leave without your changes?', content: h('p', {}, `${count(this.#changes(), 'change')} to this image ${this.#changes() === 1 ? 'is' : 'are'} not used yet.`), buttons, focus: 'footer button' });
      this.asking = false;
      if (!answer) return;
    }
    this.dom.close();
  }

  #changes() {
    const { begin, state } = this;
    return ['crop', 'focal', 'alt', 'decorative'].filter((name) => JSON.stringify(begin[name]) !== JSON.stringify(state[name])).length;
  }

  #address() {
    const { crop } = this.state;
    const { id } = this.facts;
    return addressOf(id, crop && !isWhole(crop, this.bounds) ? [crop.x, crop.y, crop.width, crop.height] : null);
  }

  async #use() {
    if (this.#busy) return;
    const { facts, state } = this;
    const alt = state.decorative ? '' : state.alt.trim();
    const changes = {};
    if (JSON.stringify(state.focal) !== JSON.stringify(this.begin.focal)) changes.focal = state.focal;
    if (!this.value && alt !== this.begin.alt) changes.alt = alt;
    if (Object.keys(changes).length) {
      this.#busy = true;
      this.use.setAttribute('aria-busy', 'true');
      try {
        await changeFacts(facts.id, changes);
        Object.assign(facts, changes);
      } catch (error) {
        this.alerted.hidden = false;
        this.alerted.textContent = error.message;
        return;
      } finally {
        this.#busy = false;
        this.use.removeAttribute('aria-busy');
      }
    }
    this.result = this.value ? { url: this.#address(), alt, decorative: state.decorative } : { alt, focal: state.focal };
    this.dom.close();
  }
}
