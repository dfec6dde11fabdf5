import { UploadError, cancelled } from './media/failure.js';
import * as kept from './media/kept.js';
import { LARGE, dropPieces, sendInPieces } from './media/pieces.js';
import { factsIn, patiently, request } from './media/sending.js';

export { UploadError } from './media/failure.js';

const AT_ONCE = 3;

const ADVICE = {
  'image/vnd.adobe.photoshop': 'Photoshop files cannot be shown on the web. Save it as JPEG, PNG or WebP.',
  'application/postscript': 'Illustrator and PostScript files cannot be shown on the web. Save it as SVG or PNG.',
  'image/tiff': 'Browsers do not show TIFF pictures. Save it as JPEG, PNG or WebP.',
  'image/heic': 'Most browsers do not show HEIC pictures. Save it as JPEG, or set the phone’s camera to “Most compatible”.',
};
const BY_ENDING = { psd: 'image/vnd.adobe.photoshop', ai: 'application/postscript', eps: 'application/postscript', tif: 'image/tiff', tiff: 'image/tiff', heic: 'image/heic', heif: 'image/heic' };

const waiting = [];
let running = 0;

/**
 * Sends a file to the library; three at a time, the others wait. Broken connections and server errors are tried
 * again after 1, 2, 4 and 8 seconds, so that nothing is stored twice. Files over 8 MB go in pieces; with a `place`
 * (a function that tells `{ place }`, where the file is wanted; see `keptFor`) they are kept on this device until they have arrived.
 *
 * `onprogress` gets `{ loaded, total }` in bytes; `signal` cancels. `accept` limits the types, as in `<input accept>`;
 * `limit` is the largest size in bytes, `width` the least width of a picture in pixels, `label` what asks for it.
 * `resumed` is the kept upload that goes on.
 *
 * Resolves to the facts of the file: `{ id, url, alt, width, height, name, size, type, focal, known }`. `known` says
 * that the same bytes were in the library before. Rejects with an `UploadError`; its `resumed` goes on with it.
 */
export async function upload(file, { onprogress, signal, place, resumed, ...wanted } = {}) {
  const problem = problemOf(file, wanted) ?? await widthProblem(file, wanted);
  if (problem) throw problem;
  return inTurn(() => (file.size > LARGE ? sendLarge(file, { onprogress, signal, place, resumed }) : sendWhole(file, { onprogress, signal })), signal);
}

/** Asks the server to fetch a file from another address into the library. Resolves and rejects as `upload`. */
export function bring(address, { signal } = {}) {
  const headers = { 'Content-Type': 'application/json', 'Upload-Id': uniqueId() };
  const send = () => request('POST', '/admin/media', { headers, body: JSON.stringify({ url: address }), signal });
  return inTurn(() => patiently(async () => factsOf(await send()), signal), signal);
}

/** The reason a file cannot be taken, before a byte of it is sent; null when there is none. */
export function problemOf(file, { accept = '', limit = Infinity } = {}) {
  const ending = /\.([^.]+)$/.exec(file.name ?? '')?.[1].toLowerCase() ?? '';
  const type = BY_ENDING[ending] ?? file.type;
  if (ADVICE[type]) return new UploadError('type', ADVICE[type]);
  if (accept && !accepts(accept, type, ending)) {
    return new UploadError('type', `${file.name || 'This file'} cannot be used here. Allowed: ${accept.split(',').map((part) => part.trim()).join(', ')}.`);
  }
  if (file.size === 0) return new UploadError('size', 'This file is empty. Choose another one.');
  if (file.size > limit) {
    return new UploadError('size', `This file has ${bytes(file.size)}. The limit is ${bytes(limit)}: make it smaller and try again.`);
  }
  return null;
}

/** Whether `accept`, as in `<input accept>`, names the type or the ending. Everything does when it is empty. */
export function accepts(accept, type, ending = '') {
  return !accept || accept.toLowerCase().split(',').map((part) => part.trim()).some((part) => (
    part === type || part === `.${ending}` || (part.endsWith('/*') && type.startsWith(part.slice(0, -1)))
  ));
}

/** "2.1 MB" */
export function bytes(size) {
  return size >= 1e6 ? `${(size / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB` : `${Math.max(1, Math.round(size / 1e3))} KB`;
}

/** Turns numbers of bytes into "38.2 of 82.9 MB, 11 s left". */
export class Pace {
  #began = performance.now();
  #first = null;

  say({ loaded, total }) {
    if (!total) return bytes(loaded);
    this.#first ??= loaded;
    const [sent, spent] = [loaded - this.#first, performance.now() - this.#began];
    const left = sent > 0 && spent > 800 && loaded < total ? Math.ceil(((spent / sent) * (total - loaded)) / 1000) : 0;
    const so = total >= 1e6 ? (loaded / 1e6).toFixed(1) : bytes(loaded);
    return `${so} of ${bytes(total)}${left ? `, ${left > 90 ? `${Math.ceil(left / 60)} min` : `${left} s`} left` : ''}`;
  }
}

/** An id no other tab or device gives out. */
export function uniqueId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** "This picture is 600 px wide. The hero needs 1600." */
async function widthProblem(file, { width, label = 'This place' }) {
  if (!width || !file.type.startsWith('image/') || file.type === 'image/svg+xml') return null;
  const found = await widthOf(file);
  return found && found < width ? new UploadError('width', `This picture is ${found} px wide. ${label} needs ${width}. Choose a larger one.`) : null;
}

/** How wide a picture is shown, in pixels; null when the browser cannot read it, which the server will judge. */
async function widthOf(file) {
  const picture = new Image();
  const address = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      Object.assign(picture, { onload: resolve, onerror: reject, src: address });
    });
    return picture.naturalWidth;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function inTurn(start, signal) {
  if (running >= AT_ONCE) await turn(signal);
  else running += 1;
  try {
    return await start();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Waits for one of the three places; the one who leaves hands it over. */
function turn(signal) {
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal?.addEventListener('abort', () => {
      const at = waiting.indexOf(resolve);
      if (at < 0) return;
      waiting.splice(at, 1);
      reject(cancelled());
    }, { once: true });
  });
}

/** The same `Upload-Id` on every try lets the server answer as it did when only its answer got lost. */
function sendWhole(file, { onprogress, signal }) {
  const form = new FormData();
  form.append('file', file, file.name || 'picture');
  const headers = { 'Upload-Id': uniqueId() };
  const progress = (loaded, total) => onprogress?.({ loaded, total });
  return patiently(async () => factsOf(await request('POST', '/admin/media', { headers, body: form, signal, onprogress: progress })), signal);
}

async function sendLarge(file, { onprogress, signal, place, resumed }) {
  const record = resumed ?? { id: uniqueId(), user: kept.person(), name: file.name, type: file.type, size: file.size, location: null, at: Date.now() };
  const note = () => {
    const { file: _, ...noted } = { ...record, ...place?.() };
    return place ? kept.update(noted).catch(() => {}) : undefined;
  };
  // Storage may be full or blocked: then only a reload cannot be survived.
  const keeping = place && !resumed ? kept.keep({ ...record, ...place() }, file).then(note).catch(() => {}) : Promise.resolve();
  const end = () => keeping.then(() => kept.forget(record.id)).catch(() => {});
  try {
    const facts = await sendInPieces(file, {
      signal,
      onprogress,
      location: record.location,
      onlocation: (location) => {
        record.location = location;
        note();
      },
    });
    await end();
    return facts;
  } catch (error) {
    if (error.again && error.kind !== 'cancelled') throw Object.assign(error, { resumed: record });
    if (record.location) dropPieces(record.location);
    await end();
    throw error;
  }
}

function factsOf(answer) {
  const facts = factsIn(answer);
  if (!facts) throw new UploadError('refused', 'The server did not say what it stored. Try again.');
  return facts;
}
