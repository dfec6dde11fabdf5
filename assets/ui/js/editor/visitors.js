// Where visitors of an address are sent that changes or goes.

import { dialog, h } from './dom.js';

/** A field for the address that visitors are sent to; null when nobody could have come. */
export function sendTo(links) {
  const visited = links?.visited ?? [];
  if (visited.length === 0) return null;
  const to = h('input', {
    class: 'in mono', id: 'visitors-to', inputmode: 'url', autocapitalize: 'none', spellcheck: 'false', placeholder: '/another-page', 'aria-describedby': 'visitors-hint',
  });
  return h('div', { class: 'f' }, h('label', { for: 'visitors-to' }, `Send visitors of ${visited.join(', ')} to`, h('span', { class: 'h' }, 'Optional')), to,
    h('p', { class: 'hint', id: 'visitors-hint' }, 'A path on your site, or a whole address. It becomes a redirect, which your site’s host follows.'));
}

/** What was typed into it. */
export const sentTo = (field) => field?.querySelector('input').value.trim() ?? '';

/** Asks whether visitors go along when publishing changes an address. Resolves with what to send, or null. */
export async function askMoved({ from, to }, verb) {
  const along = h('input', { type: 'checkbox', checked: true });
  const answer = await dialog({
    title: 'The address changes',
    content: [
      h('p', {}, 'Publishing changes it from ', h('span', { class: 'mono' }, from), ' to ', h('span', { class: 'mono' }, to), '.'),
      h('label', { class: 'opt' }, along, h('span', {}, 'Send visitors of the old address to the new one', h('small', {}, 'With a redirect, which your site’s host follows.'))),
    ],
    buttons: [{ text: 'Cancel', value: '' }, { text: verb, value: 'go', look: 'p' }],
    focus: 'footer [data-value=go]',
  });
  return answer === 'go' ? (along.checked ? '1' : '0') : null;
}
