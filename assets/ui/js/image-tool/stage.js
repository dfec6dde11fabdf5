// The picture with the frame of its crop and the mark of its focal point, moved by pointer and by arrow keys.

import { h } from '../editor/dom.js';
import { drawn, moved } from './crop.js';

const CORNERS = [['top left', [-1, -1]], ['top right', [1, -1]], ['bottom left', [-1, 1]], ['bottom right', [1, 1]]];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// A press that moves less than this, in pixels of the screen, points at a place and moves nothing.
const STILL = 4;

/**
 * Draws `state` (`{ bounds, crop, focal, ratio }`; `crop` null where nothing is cropped) and tells what is wanted:
 * `onCrop(part)`, `onFocal([across, down])` in fractions.
 */
export class Stage {
  #state = null;

  constructor({ picture, cropped, onCrop, onFocal }) {
    Object.assign(this, { picture, onCrop, onFocal });
    this.frame = h('button', { type: 'button', class: 'it-move', 'aria-label': 'Crop. Arrow keys move it by 1 pixel, with Shift by 10.', 'aria-describedby': 'it-said' });
    this.handles = CORNERS.map(([name, corner]) => {
      const handle = h('button', { type: 'button', class: 'it-corner', 'aria-label': `Corner, ${name}. Arrow keys move it by 1 pixel, with Shift by 10.`, 'aria-describedby': 'it-said' });
      this.#keys(handle, ([across, down]) => this.#draw(corner, this.#cornerAt(corner, across, down)));
      this.#drag(handle, (from, point) => this.#draw(corner, { x: from.corner.x + point.x - from.point.x, y: from.corner.y + point.y - from.point.y }), { corner });
      return handle;
    });
    this.box = h('div', { class: 'it-frame' }, this.frame, this.handles);
    this.mark = h('button', { type: 'button', class: 'fp it-focal' });
    this.shade = h('div', { class: 'it-shade' });
    const under = h('div', { class: 'it-under' }, picture, cropped ? this.shade : null);
    this.dom = h('div', { class: 'it-picture' }, under, cropped ? this.box : null, this.mark);
    this.#keys(this.frame, ([across, down]) => onCrop(moved(this.#state.crop, across, down, this.#state.bounds)));
    this.#keys(this.mark, ([across, down]) => this.#focalBy(across / 100, down / 100));
    this.#drag(cropped ? this.frame : picture, (from, point) => {
      if (cropped) onCrop(moved(from.crop, point.x - from.point.x, point.y - from.point.y, this.#state.bounds));
    }, { click: true });
    if (cropped) this.#drag(picture, () => {}, { click: true });
    this.#drag(this.mark, (from, point) => this.#focalAt(point), {});
  }

  draw(state) {
    this.#state = state;
    const { bounds, crop, focal } = state;
    const share = (part, all) => `${(part / all) * 100}%`;
    this.dom.style.aspectRatio = `${bounds.width} / ${bounds.height}`;
    this.dom.style.setProperty('--ratio', String(bounds.width / bounds.height));
    if (crop) {
      const place = {
        left: share(crop.x, bounds.width), top: share(crop.y, bounds.height),
        width: share(crop.width, bounds.width), height: share(crop.height, bounds.height),
      };
      for (const part of [this.box, this.shade]) Object.assign(part.style, place);
    }
    const [across, down] = focal ?? [0.5, 0.5];
    Object.assign(this.mark.style, { left: `${across * 100}%`, top: `${down * 100}%` });
    this.mark.setAttribute('aria-label', `Focal point, ${Math.round(across * 100)} % across, ${Math.round(down * 100)} % down. Arrow keys move it by 1 %, with Shift by 10.`);
    this.mark.classList.toggle('is-unset', !focal);
  }

  #cornerAt([right, bottom], across = 0, down = 0) {
    const { crop } = this.#state;
    return { x: crop.x + (right > 0 ? crop.width : 0) + across, y: crop.y + (bottom > 0 ? crop.height : 0) + down };
  }

  #draw(corner, point) {
    const { crop, ratio, bounds } = this.#state;
    this.onCrop(drawn(crop, corner, point, ratio, bounds));
  }

  #focalBy(across, down) {
    const [x, y] = this.#state.focal ?? [0.5, 0.5];
    this.#tellFocal(x + across, y + down);
  }

  #focalAt({ x, y }) {
    this.#tellFocal(x / this.#state.bounds.width, y / this.#state.bounds.height);
  }

  #tellFocal(...fractions) {
    this.onFocal(fractions.map((fraction) => Math.round(Math.max(0, Math.min(1, fraction)) * 1000) / 1000));
  }

  #keys(control, step) {
    control.addEventListener('keydown', (event) => {
      const by = STEPS[event.key];
      if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      step(by.map((one) => one * (event.shiftKey ? 10 : 1)));
    });
  }

  /** Calls `move(from, point)` while the pointer drags; points are in pixels of the picture. */
  #drag(control, move, { corner, click }) {
    let from = null;
    const point = ({ clientX, clientY }) => {
      const { left, top, width, height } = this.dom.getBoundingClientRect();
      const { bounds } = this.#state;
      return { x: ((clientX - left) / width) * bounds.width, y: ((clientY - top) / height) * bounds.height };
    };
    control.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      control.focus?.();
      control.setPointerCapture(event.pointerId);
      from = { point: point(event), at: event, crop: this.#state.crop, corner: corner && this.#cornerAt(corner), far: !click };
    });
    control.addEventListener('pointermove', (event) => {
      if (!from) return;
      from.far ||= Math.hypot(event.clientX - from.at.clientX, event.clientY - from.at.clientY) > STILL;
      if (from.far) move(from, point(event));
    });
    control.addEventListener('pointerup', (event) => {
      if (from && !from.far) this.#focalAt(point(event));
      from = null;
    });
    control.addEventListener('pointercancel', () => { from = null; });
  }
}
