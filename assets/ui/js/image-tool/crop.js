// Parts of a picture, in whole pixels of the picture as it is shown: `{ x, y, width, height }` within `{ width, height }`.
// A ratio is width by height; null leaves it free.

const LEAST = 16;

/** The whole picture. */
export function whole({ width, height }) {
  return { x: 0, y: 0, width, height };
}

/** Whether a part is the whole picture. */
export function isWhole({ x, y, width, height }, bounds) {
  return x === 0 && y === 0 && width === bounds.width && height === bounds.height;
}

/** The largest part of a shape around a point, given in fractions. */
export function largest(bounds, ratio, [across, down] = [0.5, 0.5]) {
  if (!ratio) return whole(bounds);
  const width = Math.min(bounds.width, Math.round(bounds.height * ratio));
  const height = Math.min(bounds.height, Math.round(bounds.width / ratio));
  return within({ x: across * bounds.width - width / 2, y: down * bounds.height - height / 2, width, height }, bounds);
}

/** The same part in another shape: around its middle, no larger than it was. */
export function reshaped(part, ratio, bounds) {
  if (!ratio) return part;
  const width = Math.min(part.width, Math.round(part.height * ratio));
  return within(around(part, width, ratio), bounds);
}

/** A part moved by some pixels, as far as there is picture. */
export function moved(part, across, down, bounds) {
  return within({ ...part, x: part.x + across, y: part.y + down }, bounds);
}

/** A part with its corner `[1|-1, 1|-1]` (right or left, bottom or top) drawn to a point; the opposite one stays. */
export function drawn(part, [right, bottom], point, ratio, bounds) {
  const stays = { x: right > 0 ? part.x : part.x + part.width, y: bottom > 0 ? part.y : part.y + part.height };
  const room = { width: right > 0 ? bounds.width - stays.x : stays.x, height: bottom > 0 ? bounds.height - stays.y : stays.y };
  let width = clamp(Math.round((point.x - stays.x) * right), least(bounds.width), room.width);
  let height = clamp(Math.round((point.y - stays.y) * bottom), least(bounds.height), room.height);
  if (ratio) {
    width = Math.round(clamp(Math.max(width, height * ratio), least(bounds.width), Math.min(room.width, room.height * ratio)));
    height = clamp(Math.round(width / ratio), 1, room.height);
  }
  return { x: right > 0 ? stays.x : stays.x - width, y: bottom > 0 ? stays.y : stays.y - height, width, height };
}

/** A part with one of its numbers typed: "x", "y", "width" or "height". */
export function typed(part, name, number, ratio, bounds) {
  if (!Number.isFinite(number)) return part;
  if (name === 'x' || name === 'y') return within({ ...part, [name]: number }, bounds);
  const next = { ...part, [name]: Math.max(least(bounds[name]), Math.round(number)) };
  if (ratio && name === 'width') next.height = Math.round(next.width / ratio);
  if (ratio && name === 'height') next.width = Math.round(next.height * ratio);
  if (ratio && (next.width > bounds.width || next.height > bounds.height)) {
    const { width, height } = largest(bounds, ratio);
    Object.assign(next, { width, height });
  }
  return within(next, bounds);
}

/** What a picture shows of `part` in another shape, when it is cut around its focal point. */
export function cut(part, ratio, [across, down], bounds) {
  const { width, height } = largest(part, ratio);
  const point = { x: across * bounds.width, y: down * bounds.height };
  return {
    x: clamp(point.x - width / 2, part.x, part.x + part.width - width),
    y: clamp(point.y - height / 2, part.y, part.y + part.height - height),
    width,
    height,
  };
}

/** The ratio that "16:9" names; null for nothing. */
export function ratioOf(shape) {
  const [width, height] = (shape ?? '').split(':').map(Number);
  return width > 0 && height > 0 ? width / height : null;
}

/** Whether a part has a shape, as near as whole pixels come to it. */
export function fits({ width, height }, ratio) {
  return Math.abs(width / ratio - height) <= 1;
}

function around({ x, y, width: oldWidth, height: oldHeight }, width, ratio) {
  const height = Math.max(1, Math.round(width / ratio));
  return { x: x + (oldWidth - width) / 2, y: y + (oldHeight - height) / 2, width, height };
}

function within(part, bounds) {
  const width = Math.min(Math.round(part.width), bounds.width);
  const height = Math.min(Math.round(part.height), bounds.height);
  return { x: clamp(Math.round(part.x), 0, bounds.width - width), y: clamp(Math.round(part.y), 0, bounds.height - height), width, height };
}

function least(side) {
  return Math.min(LEAST, side);
}

function clamp(number, low, high) {
  return Math.max(low, Math.min(high, number));
}
