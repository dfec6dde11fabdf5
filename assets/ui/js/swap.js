import { csrf } from './csrf.js';
import { refusal, unreachable } from './refusal.js';
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

// What is no HTML, as a refusal in JSON, has no place on the screen.
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  const kind = detail.xhr.getResponseHeader('Content-Type') ?? '';
  if (detail.shouldSwap && detail.xhr.status >= 400 && !kind.startsWith('text/html')) {
    detail.shouldSwap = false;
    detail.isError = true;
  }
});

document.addEventListener('htmx:responseError', ({ detail: { xhr } }) => {
  if (xhr.status === 401) signIn();
  else toast(refusal(xhr.status, xhr.responseText, xhr.getResponseHeader('X-Request-Id')));
});

for (const lost of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(lost, () => toast(unreachable()));
}

/**
 * The session is over. An editing screen answers the event `ld:signin` with a dialog over the page and cancels it;
 * elsewhere there is nothing to lose, and the sign-in page comes back here.
 */
function signIn() {
  const asked = new CustomEvent('ld:signin', { cancelable: true });
  if (!document.dispatchEvent(asked)) return;
  location.assign(`/admin/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
