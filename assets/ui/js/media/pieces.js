// Large files in pieces, by the tus 1.0 protocol: what has arrived is never sent again.

import { UploadError } from './failure.js';
import { factsIn, patiently, request } from './sending.js';

/** Files above this many bytes are sent in pieces. */
export const LARGE = 8 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
const ADDRESS = '/admin/media/uploads';
const TUS = { 'Tus-Resumable': '1.0.0' };

/**
 * Sends a file in pieces of 4 MB and resolves with its facts. `location` is the upload's address when it was begun
 * before; `onlocation` is told it with every piece that has arrived. `onprogress` gets `{ loaded, total }`.
 */
export function sendInPieces(file, { location = null, onlocation, onprogress, signal } = {}) {
  let at = location;
  let offset = null;
  return patiently(async (further) => {
    if (at && offset === null) offset = await reached(at, signal);
    if (offset === null) {
      at = await create(file, signal);
      offset = 0;
      onlocation?.(at);
    }
    onprogress?.({ loaded: offset, total: file.size });
    for (;;) {
      const begin = offset;
      // Until this piece is answered for, nobody knows how much of it has arrived.
      offset = null;
      const answer = await sendPiece(at, file, begin, { signal, onprogress });
      const facts = answer.status === 204 ? null : factsIn(answer);
      if (facts) return facts;
      offset = Number(answer.header('Upload-Offset'));
      if (!(offset > begin)) throw new UploadError('refused', 'The server did not say how much of the file it has. Try again.');
      further();
      onlocation?.(at);
      if (offset >= file.size) return stored(at, signal);
    }
  }, signal);
}

/** Tells the server to drop what it has of an upload. Nothing happens when it cannot be reached: it expires. */
export function dropPieces(location) {
  request('DELETE', location, { headers: TUS }).catch(() => {});
}

async function create(file, signal) {
  const answer = await request('POST', ADDRESS, {
    signal,
    headers: { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': `filename ${encoded(file.name)},filetype ${encoded(file.type)}` },
  });
  if (answer.status !== 201) factsIn(answer);
  const location = answer.header('Location');
  if (!location) throw new UploadError('refused', 'The server did not say where to send the file. Try again.');
  return new URL(location, document.baseURI).pathname;
}

/** How much of an upload the server has; null when it has forgotten it. */
async function reached(location, signal) {
  const answer = await request('HEAD', location, { headers: TUS, signal });
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status >= 300) factsIn(answer);
  return Number(answer.header('Upload-Offset'));
}

function sendPiece(location, file, offset, { signal, onprogress }) {
  return request('PATCH', location, {
    signal,
    headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
    body: file.slice(offset, Math.min(offset + PIECE, file.size)),
    onprogress: (loaded) => onprogress?.({ loaded: Math.min(offset + loaded, file.size), total: file.size }),
  });
}

/** The facts of a file whose every byte has arrived, when the answer to the last piece did not bring them. */
async function stored(location, signal) {
  const facts = factsIn(await request('GET', location, { headers: TUS, signal }));
  if (!facts) throw new UploadError('network', 'The server has the file but did not say what it made of it.');
  return facts;
}

function encoded(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text || 'file')));
}
