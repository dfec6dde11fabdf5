import { csrf } from './csrf.js';
import { toast } from './toast.js';

document.addEventListener('htmx:configRequest', ({ detail }) => {
  detail.headers['X-CSRF-Token'] = csrf();
});

// Focus that went away with the replaced part goes to the heading of the new one, never to the top of the page.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const lost = !document.activeElement || document.activeElement === document.body;
  const part = detail.elt;
  if (!lost || !(part instanceof HTMLElement) || !part.isConnected) return;
  const goal = part.querySelector('[data-focus], h1, h2, h3') ?? part;
  if (!goal.matches('a, button, input, select, textarea, [tabindex]')) goal.tabIndex = -1;
  goal.focus({ preventScroll: true });
});

document.addEventListener('htmx:responseError', ({ detail }) => {
  const { xhr } = detail;
  if (xhr.status === 401) {
    signIn();
    return;
  }
  const id = xhr.getResponseHeader('X-Request-Id');
  toast({
    kind: 'error',
    title: reason(xhr),
    detail: id ? `Nothing was changed. A developer can find it under request ${id}.` : 'Nothing was changed. Try again in a moment.',
    seconds: 20,
  });
});

for (const lost of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(lost, () => {
    toast({ kind: 'error', title: 'The server could not be reached', detail: 'Nothing was changed. Check the connection and try again.', seconds: 20 });
  });
}

/**
 * The session is over. An editing screen answers the event `ld:signin` with a dialog over the page and cancels it;
 * elsewhere there is nothing to lose, and the sign-in page comes back here.
 */
export function signIn() {
  const asked = new CustomEvent('ld:signin', { cancelable: true });
  if (!document.dispatchEvent(asked)) return;
  location.assign(`/admin/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function reason(xhr) {
  const kind = xhr.getResponseHeader('Content-Type') ?? '';
  if (kind.startsWith('text/plain') && xhr.responseText.length < 300) return xhr.responseText.trim();
  if (kind.includes('json')) {
    try {
      const { detail, error } = JSON.parse(xhr.responseText);
      if (typeof (detail ?? error) === 'string') return detail ?? error;
    } catch {
      // Not what it says it is; the number below says enough.
    }
  }
  const known = { 403: 'You may not do this', 404: 'This is not there any more', 409: 'Someone else changed this meanwhile', 413: 'This is too large', 429: 'Too many requests, wait a moment' };
  return known[xhr.status] ?? `The server could not do this (${xhr.status})`;
}
