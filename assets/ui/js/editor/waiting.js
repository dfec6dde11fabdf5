// What devices still hold: the list on Home, and the question before signing out.

import { count, dialog, h } from './dom.js';
import { kept, openTabs, opsOf } from './device.js';

/** What this device keeps of `user` (an id) that the server lacks, newest first:
 *  `[{title, href, at: Date, changes, open: whether a tab is still writing it}]`. Empty where storage is blocked. */
export async function waiting(user) {
  let records;
  try {
    records = await kept(String(user));
  } catch {
    return [];
  }
  const alive = await openTabs();
  return records.sort((a, b) => b.at - a.at).map((record) => ({
    title: record.title || 'Untitled', href: record.address, at: new Date(record.at), changes: opsOf(record).length, open: alive.has(record.key),
  }));
}

/** <ld-waiting data-user="3">: the list, hidden while nothing waits. Holds a heading and a `<ul>`. */
export class LdWaiting extends HTMLElement {
  async connectedCallback() {
    const list = await waiting(this.dataset.user);
    this.hidden = list.length === 0;
    const ul = this.querySelector('ul') ?? this.appendChild(h('ul'));
    ul.replaceChildren(...list.map(({ title, href, at, changes, open }) => h('li', {},
      h('a', { href }, h('b', {}, title)),
      h('small', {}, `${count(changes, 'change')}, ${at.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}${open ? ', open in a tab' : ''}`))));
  }
}

/** Asks before signing out while text waits on this device. Returns nothing; forms to `/admin/sign-out` are watched. */
export function guardSignOut(user) {
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !new URL(form.action, location.href).pathname.endsWith('/admin/sign-out') || form.dataset.sure) return;
    event.preventDefault();
    const list = await waiting(user);
    const go = list.length === 0 || await dialog({
      title: 'Some of your text is only on this device',
      content: [h('p', {}, `${list.map(({ title, changes }) => `“${title}” (${count(changes, 'change')})`).join(', ')}. It stays here and comes back when you sign in on this device again.`)],
      buttons: [{ text: 'Stay', value: '' }, { text: 'Sign out', value: 'go', look: 'dz' }],
      focus: 'footer button',
    }) === 'go';
    if (!go) return;
    form.dataset.sure = '1';
    form.requestSubmit();
  });
}
