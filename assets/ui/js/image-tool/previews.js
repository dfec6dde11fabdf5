// What sites will show of the picture in their own shapes: cut around the focal point.

import { h } from '../editor/dom.js';
import { cut, ratioOf } from './crop.js';

const HEIGHT = 70;
const SHAPES = [['Article', '16:9'], ['Card', '1:1'], ['Story', '3:4']];

/** Small pictures of one source in the shapes of sites; with a fixed shape that one comes first. */
export class Previews {
  #all;

  constructor(source, shape) {
    const shapes = shape ? [[shape, shape], ...SHAPES.filter(([, other]) => other !== shape).slice(0, 2)] : SHAPES;
    this.#all = shapes.map(([name, spelled]) => {
      const ratio = ratioOf(spelled);
      const img = h('img', { src: source, alt: '' });
      const window = h('span', {}, img);
      const width = Math.min(124, Math.round(HEIGHT * ratio));
      Object.assign(window.style, { width: `${width}px`, height: `${Math.round(width / ratio)}px` });
      return { ratio, img, width, figure: h('figure', {}, window, name) };
    });
    this.dom = h('div', { class: 'it-previews' }, this.#all.map(({ figure }) => figure));
  }

  draw({ bounds, crop, focal }) {
    for (const { ratio, img, width } of this.#all) {
      const part = cut(crop ?? { x: 0, y: 0, ...bounds }, ratio, focal ?? [0.5, 0.5], bounds);
      const scale = width / part.width;
      Object.assign(img.style, { width: `${bounds.width * scale}px`, height: `${bounds.height * scale}px`, left: `${-part.x * scale}px`, top: `${-part.y * scale}px` });
    }
  }
}
