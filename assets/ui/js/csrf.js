const meta = () => document.querySelector('meta[name="csrf"]');

/** The token every changing request carries as X-CSRF-Token. */
export function csrf() {
  return meta()?.content ?? '';
}

/** Takes over the token of a new session, after signing in again on an open page. */
export function setCsrf(token) {
  meta()?.setAttribute('content', token);
  for (const input of document.querySelectorAll('input[name="csrf"]')) input.value = token;
}
