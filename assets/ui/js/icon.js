const SVG = 'http://www.w3.org/2000/svg';

/** An icon of the sprite, as the function of the same name writes it in templates. `size` is "sm", "lg" or nothing. */
export function icon(name, size = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `ic ${size}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${document.querySelector('meta[name="icons"]')?.content ?? ''}#${name}`);
  svg.append(use);
  return svg;
}
