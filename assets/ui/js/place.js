/** Puts a floating part below a button if there is room, else above; never beyond the edges of the window. */
export function place(part, button) {
  const edge = 8;
  const gap = 4;
  const from = button.getBoundingClientRect();
  const size = part.getBoundingClientRect();
  const inside = (value, most) => Math.max(edge, Math.min(value, most));
  const fits = from.bottom + gap + size.height <= innerHeight - edge;
  const below = fits || from.top < innerHeight - from.bottom;
  const aligned = from.left + size.width <= innerWidth - edge;
  const rightToLeft = getComputedStyle(button).direction === 'rtl' && from.right - size.width >= edge;
  const top = below ? from.bottom + gap : from.top - gap - size.height;
  const left = aligned && !rightToLeft ? from.left : from.right - size.width;
  part.style.top = `${inside(top, innerHeight - size.height - edge)}px`;
  part.style.left = `${inside(left, innerWidth - size.width - edge)}px`;
}
