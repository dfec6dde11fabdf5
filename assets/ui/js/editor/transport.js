// Requests of the dashboard's scripts: JSON in and out, the token against forged requests, the server's version.

import { csrf, setCsrf } from '../csrf.js';

/** Told of what any answer may bring: `version` and `session` events. */
export const door = new EventTarget();

let version = null;

/** Takes over a token that came with an answer. */
export function takeCsrf(token) {
  if (token && token !== csrf()) setCsrf(token);
}

/** Sends and reads JSON. Resolves with `{status, body, retryAfter}` for every answer, rejects when there is none
 *  within `patience` milliseconds. A refused token is renewed once. */
export async function ask(method, address, { body, keepalive, patience = 30_000, signal } = {}) {
  const answer = await once(method, address, body, keepalive, patience, signal);
  if (answer.status !== 403 || answer.body?.error !== 'csrf') return answer;
  const session = await renew();
  if (!session) return { status: 401, body: { error: 'signin' }, retryAfter: 0 };
  return once(method, address, body, keepalive, patience, signal);
}

async function once(method, address, body, keepalive, patience, signal) {
  const limit = AbortSignal.timeout(patience);
  const response = await fetch(address, {
    method,
    keepalive,
    redirect: 'error',
    credentials: 'same-origin',
    cache: 'no-store',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'X-CSRF-Token': csrf() }),
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  noteVersion(response.headers.get('X-Larder-Version'));
  return { status: response.status, body: await json(response), retryAfter: Number(response.headers.get('Retry-After')) || 0 };
}

/** The sentence a refusal brings for people, or null. */
export function sentenceOf(body) {
  return typeof body?.message === 'string' && body.message ? body.message : null;
}

async function json(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    const body = JSON.parse(text);
    if (response.ok || response.status === 409) takeCsrf(body?.csrf);
    return body;
  } catch {
    // A proxy's error page, or an answer cut off: as good as none.
    if (response.ok) throw new TypeError('the answer was cut off');
    return { error: null };
  }
}

/** Extends the session. Resolves with `{csrf, expires_in, user}`, or null when nobody is signed in. */
export async function renew() {
  const { status, body } = await once('POST', '/admin/session', undefined, false, 10_000);
  if (status === 401 || status === 403) return null;
  if (status !== 200) throw new Error(`the server answered ${status}`);
  takeCsrf(body.csrf);
  door.dispatchEvent(new CustomEvent('session', { detail: body }));
  return body;
}

function noteVersion(seen) {
  if (!seen) return;
  if (version && version !== seen) door.dispatchEvent(new CustomEvent('version', { detail: seen }));
  version = seen;
}
