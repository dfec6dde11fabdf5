// The addresses of the library's pictures: `/media/<id>`, with tasks before the id.

const OURS = /^\/media\/(?:(.*)\/)?([A-Za-z0-9]+)$/;
const CROP = /^crop=dim:\[(\d+),(\d+),(\d+),(\d+)\]/;

/** `{ id, crop }` of an address of ours, where `crop` is `[x, y, width, height]` or null; null for other addresses. */
export function parse(address) {
  const path = address && URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
  const [, tasks = '', id] = (path?.origin === location.origin && OURS.exec(decodeURI(path.pathname))) || [];
  if (!id) return null;
  return { id, crop: CROP.exec(tasks)?.slice(1).map(Number) ?? null };
}

/** The address of a picture, or of a part of it. */
export function addressOf(id, crop = null) {
  return crop ? `/media/crop=dim:[${crop.join(',')}]/${id}` : `/media/${id}`;
}

/** The address of a rendition of `address` that fills `width` x `height` pixels of this screen; `address` itself
 *  where it is none of ours. With one side, the other follows. */
export function rendition(address, { width, height }) {
  const ours = parse(address);
  if (!ours) return address;
  const dense = (side) => Math.min(4000, Math.ceil((side * Math.min(2, devicePixelRatio || 1)) / 80) * 80);
  const sides = [width && `width:${dense(width)}`, height && `height:${dense(height)}`].filter(Boolean);
  const tasks = [ours.crop && `crop=dim:[${ours.crop.join(',')}]`, `resize=${sides.join(',')},fit:${width && height ? 'crop' : 'max'}`, 'auto_image'].filter(Boolean);
  return `/media/${tasks.join('/')}/${ours.id}`;
}
