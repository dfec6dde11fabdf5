import { announce } from '../announce.js';

const MIDDLE = [0.5, 0.5];

/**
 * The focal point of a picture: shown on it, moved by pointer, by arrow keys, and by two numbers; the crops beside it show
 * what it does. `onchange` gets the new point, `[x, y]` in fractions or null, and the one before.
 */
export class Focal {
  #part;
  #point;
  #onchange;

  constructor(part, point, onchange) {
    this.#part = part;
    this.#point = point;
    this.#onchange = onchange;
    const frame = part.querySelector('[data-frame]');
    frame.addEventListener('click', (event) => { if (event.target.closest('img')) this.#pointed(event); });
    this.#spot().addEventListener('keydown', (event) => this.#key(event));
    this.#spot().addEventListener('pointerdown', (event) => this.#drag(event));
    part.querySelector('[data-spot-set]').addEventListener('click', () => { this.#set(MIDDLE); this.#spot().focus(); });
    part.querySelector('[data-spot-clear]').addEventListener('click', () => { this.#set(null); part.querySelector('[data-spot-set]').focus(); });
    for (const name of ['focal_x', 'focal_y']) part.querySelector(`[name=${name}]`).addEventListener('change', () => this.#typed());
    for (const img of part.querySelectorAll('[data-cut]')) img.addEventListener('load', () => this.#draw());
    this.#draw();
  }

  /** Shows another point. */
  show(point) {
    this.#point = point;
    this.#draw();
  }

  #spot() {
    return this.#part.querySelector('[data-spot]');
  }

  #set(point) {
    const before = this.#point;
    this.show(point && point.map((fraction) => Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 1000));
    this.#onchange(this.#point, before);
    announce(this.#words());
  }

  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#part.querySelector('[data-shown=picture]').getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  #pointed(event) {
    this.#set(this.#at(event));
  }

  #drag(event) {
    event.preventDefault();
    const [spot, before] = [this.#spot(), this.#point];
    spot.focus();
    spot.setPointerCapture(event.pointerId);
    const move = (moved) => this.show(this.#at(moved).map((fraction) => Math.min(1, Math.max(0, fraction))));
    spot.addEventListener('pointermove', move);
    spot.addEventListener('pointerup', (up) => {
      spot.removeEventListener('pointermove', move);
      const point = this.#at(up);
      this.#point = before;
      this.#set(point);
    }, { once: true });
  }

  #key(event) {
    const step = event.shiftKey ? 0.1 : 0.01;
    const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      this.#set(null);
      this.#part.querySelector('[data-spot-set]').focus();
    } else if (x || y) {
      event.preventDefault();
      const [across, down] = this.#point ?? MIDDLE;
      this.#set([across + x, down + y]);
    }
  }

  #typed() {
    const [x, y] = ['focal_x', 'focal_y'].map((name) => this.#part.querySelector(`[name=${name}]`).value.trim().replace(',', '.'));
    if (!x && !y) this.#set(null);
    else if (x && y && [x, y].every((text) => Number(text) >= 0 && Number(text) <= 100)) this.#set([x / 100, y / 100]);
  }

  #words() {
    if (!this.#point) return 'Not set: crops keep the middle in sight';
    const [x, y] = this.#point.map((fraction) => Math.round(fraction * 100));
    return `${x} % across, ${y} % down`;
  }

  #draw() {
    const [x, y] = this.#point ?? MIDDLE;
    const spot = this.#spot();
    spot.hidden = !this.#point;
    spot.style.left = `${x * 100}%`;
    spot.style.top = `${y * 100}%`;
    this.#part.querySelector('[data-spot-words]').textContent = this.#words();
    this.#part.querySelector('[data-spot-clear]').hidden = !this.#point;
    this.#part.querySelector('[data-spot-set] [data-label]').textContent = this.#point ? 'Move to the middle' : 'Set a point';
    for (const [name, fraction] of [['focal_x', x], ['focal_y', y]]) {
      this.#part.querySelector(`[name=${name}]`).value = this.#point ? Math.round(fraction * 1000) / 10 : '';
    }
    for (const img of this.#part.querySelectorAll('[data-cut]')) img.style.objectPosition = position(img, [x, y]);
  }
}

/** Where a picture that covers its box has to lie, so that the point is as near to the box's middle as edges allow. */
function position(img, [x, y]) {
  const { naturalWidth: width, naturalHeight: height, clientWidth, clientHeight } = img;
  if (!width || !clientWidth) return '50% 50%';
  const scale = Math.max(clientWidth / width, clientHeight / height);
  const along = (fraction, length, room) => {
    const spare = length * scale - room;
    return spare < 0.5 ? 50 : (Math.min(spare, Math.max(0, fraction * length * scale - room / 2)) / spare) * 100;
  };
  return `${along(x, width, clientWidth)}% ${along(y, height, clientHeight)}%`;
}
