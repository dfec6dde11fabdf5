import { csrf } from './csrf.js';
import { refusal, unreachable } from './refusal.js';
import { toast } from './toast.js';

/** Sends a form as a script, `fields` by name. Gives a successful answer; for any other it shows why, and gives nothing. */
export async function post(address, fields = {}) {
  const body = new URLSearchParams({ ...fields, csrf: csrf() });
  const headers = { 'X-CSRF-Token': csrf() };
  const answer = await fetch(address, { method: 'POST', body, headers }).catch(() => null);
  if (answer?.ok) return answer;
  toast(answer ? refusal(answer.status, await answer.text(), answer.headers.get('X-Request-Id')) : unreachable());
  return null;
}
