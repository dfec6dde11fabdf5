// One request of an upload, with progress; and the patience to try again when the connection breaks.

import { csrf } from '../csrf.js';
import { UploadError, cancelled } from './failure.js';

const PAUSES = [1000, 2000, 4000, 8000];

/**
 * Sends one request. Resolves with `{ status, text, header(name) }` for every answer; rejects with an `UploadError`
 * "network" without one. `onprogress` gets the bytes sent so far and all of them.
 */
export function request(method, address, { headers = {}, body = null, signal, onprogress } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled());
      return;
    }
    const sending = new XMLHttpRequest();
    let percent = 0;
    sending.open(method, address);
    sending.setRequestHeader('X-CSRF-Token', csrf());
    sending.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.addEventListener('progress', ({ loaded, total }) => {
      percent = total ? Math.floor((loaded / total) * 100) : 0;
      onprogress?.(loaded, total);
    });
    const stop = () => sending.abort();
    sending.addEventListener('loadend', () => signal?.removeEventListener('abort', stop));
    const broken = () => reject(new UploadError('network', `The connection broke at ${percent} %.`));
    sending.addEventListener('error', broken);
    // A page that goes away aborts, too, and nobody asked for that.
    sending.addEventListener('abort', () => (signal?.aborted ? reject(cancelled()) : broken()));
    sending.addEventListener('load', () => resolve({
      status: sending.status, text: sending.responseText, header: (name) => sending.getResponseHeader(name),
    }));
    signal?.addEventListener('abort', stop);
    sending.send(body);
  });
}

/** Does `work` again after 1, 2, 4 and 8 seconds while the network is at fault. `work` calls the function it is given
 *  when it got further than before, and has all its tries again. */
export async function patiently(work, signal) {
  let failures = 0;
  for (;;) {
    try {
      return await work(() => { failures = 0; });
    } catch (error) {
      if (error.kind !== 'network' || failures >= PAUSES.length) throw error;
      failures += 1;
      await pause(PAUSES[failures - 1], signal);
    }
  }
}

/** The facts of the file in an answer that says it is stored; null for another success. Throws what a refusal means. */
export function factsIn({ status, text }) {
  const answer = parsed(text);
  if (status >= 200 && status < 300) return answer?.url ? answer : null;
  throw refused(status, [answer?.message, answer?.detail, answer?.error].find((said) => typeof said === 'string'));
}

function refused(status, said) {
  if (status === 401) return new UploadError('signed-out', 'You are signed out. Sign in again, then try again.');
  if (status === 413) return new UploadError('size', said ?? 'This file is larger than the server takes. Make it smaller and try again.');
  if (status === 415) return new UploadError('type', said ?? 'The server does not take files of this type.');
  if (status >= 500 && status !== 501) return new UploadError('network', said ?? `The server could not store it (error ${status}).`);
  return new UploadError('refused', said ?? `The server did not take it (answer ${status}).`);
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
    const over = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      signal?.removeEventListener('abort', stop);
    };
    const go = () => { over(); resolve(); };
    const stop = () => { over(); reject(cancelled()); };
    const timer = setTimeout(go, milliseconds);
    addEventListener('online', go);
    signal?.addEventListener('abort', stop);
  });
}
