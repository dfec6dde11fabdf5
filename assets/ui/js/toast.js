/**
 * Shows a message at the edge of the screen and keeps it under the bell.
 *
 * `title` is the bold fact, `detail` the line below, `kind` one of "ok", "warn", "error", "info". At most two `actions`:
 * `{label, href}` is a link, `{label, post}` sends a POST to that address, `{label, run}` calls a function.
 * `seconds` is how long it stays, at least 8.
 */
export function toast(message) {
  document.dispatchEvent(new CustomEvent('ld:toast', { detail: message }));
}
