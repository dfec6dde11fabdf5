import { csrf } from './csrf.js';

const AT_ONCE = 3;
const PAUSES = [1000, 2000, 4000, 8000];
const MEGABYTE = 1024 * 1024;

const ADVICE = {
  'image/vnd.adobe.photoshop': 'Photoshop files cannot be shown on the web. Save it as JPEG, PNG or WebP.',
  'application/postscript': 'Illustrator and PostScript files cannot be shown on the web. Save it as SVG or PNG.',
  'image/tiff': 'Browsers do not show TIFF pictures. Save it as JPEG, PNG or WebP.',
  'image/heic': 'Most browsers do not show HEIC pictures. Save it as JPEG, or set the phone’s camera to “Most compatible”.',
};
const BY_ENDING = { psd: 'image/vnd.adobe.photoshop', ai: 'application/postscript', eps: 'application/postscript', tif: 'image/tiff', tiff: 'image/tiff', heic: 'image/heic', heif: 'image/heic' };

/**
 * Why a file did not get into the library. `message` is a sentence for the person.
 *
 * `kind`: "type" or "size" (this file never will), "refused" (the server said no), "signed-out", "network"
 * (trying again may help), "cancelled".
 */
export class UploadError extends Error {
  constructor(kind, message) {
    super(message);
    this.name = 'UploadError';
    this.kind = kind;
  }

  /** Whether the same file could get through on another try. */
  get again() {
    return !['type', 'size'].includes(this.kind);
  }
}

const waiting = [];
let running = 0;

/**
 * Sends a file to the library; three at a time, the others wait. Broken connections and server errors are tried
 * again after 1, 2, 4 and 8 seconds under the same `Upload-Id`, so nothing is stored twice.
 *
 * `onprogress` gets `{ loaded, total }` in bytes; `signal` cancels. `accept` limits the types, as in
 * `<input accept>`; `limit` is the largest size in bytes.
 *
 * Resolves to `{ id, url, alt, width, height, name, size }`. Rejects with an `UploadError`.
 */
export async function upload(file, { onprogress, signal, accept = '', limit = Infinity } = {}) {
  const problem = problemOf(file, accept, limit);
  if (problem) throw problem;
  const form = new FormData();
  form.append('file', file, file.name || 'picture');
  return inTurn(() => send(form, { onprogress, signal }), signal);
}

/** Asks the server to fetch a file from another address into the library. Resolves and rejects as `upload`. */
export function bring(address, { signal } = {}) {
  const form = new FormData();
  form.append('url', address);
  return inTurn(() => send(form, { signal }), signal);
}

/** The reason a file cannot be taken, before a byte of it is sent; null when there is none. */
export function problemOf(file, accept = '', limit = Infinity) {
  const ending = /\.([^.]+)$/.exec(file.name ?? '')?.[1].toLowerCase() ?? '';
  const type = BY_ENDING[ending] ?? file.type;
  if (ADVICE[type]) return new UploadError('type', ADVICE[type]);
  if (accept && !accepts(accept, type, ending)) {
    return new UploadError('type', `${file.name || 'This file'} cannot be used here. Allowed: ${accept.split(',').map((part) => part.trim()).join(', ')}.`);
  }
  if (file.size === 0) return new UploadError('size', 'This file is empty. Choose another one.');
  if (file.size > limit) {
    return new UploadError('size', `This file has ${megabytes(file.size)}. The limit is ${megabytes(limit)}: make it smaller and try again.`);
  }
  return null;
}

/** An id no other tab or device gives out. */
export function uniqueId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function accepts(accept, type, ending) {
  return accept.toLowerCase().split(',').map((part) => part.trim()).some((part) => (
    part === type || part === `.${ending}` || (part.endsWith('/*') && type.startsWith(part.slice(0, -1)))
  ));
}

function megabytes(bytes) {
  return `${(bytes / MEGABYTE).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

async function inTurn(start, signal) {
  if (running >= AT_ONCE) await place(signal);
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
function place(signal) {
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

async function send(form, options) {
  const id = uniqueId();
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await sendOnce(form, id, options);
    } catch (error) {
      if (error.kind !== 'network' || attempt >= PAUSES.length) throw error;
      await pause(PAUSES[attempt], options.signal);
    }
  }
}

function sendOnce(form, id, { onprogress, signal }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
      return;
    }
    const request = new XMLHttpRequest();
    let percent = 0;
    request.open('POST', '/admin/media');
    request.setRequestHeader('X-CSRF-Token', csrf());
    request.setRequestHeader('Upload-Id', id);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      percent = total ? Math.floor((loaded / total) * 100) : 0;
      onprogress?.({ loaded, total });
    });
    request.addEventListener('error', () => reject(new UploadError('network', `The connection broke at ${percent} %.`)));
    request.addEventListener('abort', () => reject(cancelled()));
    request.addEventListener('load', () => {
      try {
        resolve(answerOf(request));
      } catch (error) {
        reject(error);
      }
    });
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

function answerOf({ status, responseText }) {
  const answer = parsed(responseText);
  if (status >= 200 && status < 300 && answer?.url) return answer;
  const said = [answer?.error, answer?.detail, answer?.message].find((text) => typeof text === 'string');
  if (status === 401) throw new UploadError('signed-out', 'You are signed out. Sign in again, then try again.');
  if (status === 413) throw new UploadError('size', said ?? 'This file is larger than the server takes. Make it smaller and try again.');
  if (status === 415) throw new UploadError('type', said ?? 'The server does not take files of this type.');
  if (status >= 500 && status !== 501) throw new UploadError('network', said ?? `The server could not store it (error ${status}).`);
  throw new UploadError('refused', said ?? `The server did not take it (answer ${status}).`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    }
    addEventListener('online', done, { once: true });
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      reject(cancelled());
    }, { once: true });
  });
}

function cancelled() {
  return new UploadError('cancelled', 'The upload was cancelled.');
}
