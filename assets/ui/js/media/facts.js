import { csrf } from '../csrf.js';

/** What the library knows of a picture; null when it is not there or cannot be asked. */
export async function factsOf(id) {
  const response = await fetch(`/admin/media/${id}/facts`, { headers: { Accept: 'application/json' }, cache: 'no-store' }).catch(() => null);
  return response?.ok ? response.json() : null;
}

/** Changes what the library knows of a picture. Rejects with a sentence for the person. */
export async function changeFacts(id, changes) {
  const response = await fetch(`/admin/media/${id}`, {
    method: 'PATCH',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() },
    body: JSON.stringify(changes),
  }).catch(() => { throw new Error('The server does not answer. Check the connection and try again.'); });
  const answer = await response.json().catch(() => null);
  if (response.status === 401) document.dispatchEvent(new CustomEvent('ld:signin', { cancelable: true }));
  if (!response.ok) throw new Error(typeof answer?.message === 'string' ? answer.message : `The server did not take it (answer ${response.status}).`);
  return answer;
}
