// <ld-served>: what the API answers about an entry, and the request for it. Who may only read is shown what is live.

import { h, icon } from './dom.js';
import { ask } from './transport.js';

const VERSIONS = { draft: 'Draft', live: 'Live' };

/** `data-base` is the entry's address, `data-locale` the language; inside an editor, what the editor says goes. */
export class LdServed extends HTMLElement {
  #watching = null;

  connectedCallback() {
    if (this.#watching) return;
    // A tab that is opened shows what is true now.
    this.#watching = new MutationObserver(() => this.refresh());
    this.#watching.observe(this.closest('[role=tabpanel]'), { attributeFilter: ['hidden'] });
    this.refresh();
  }

  /** Looks again, if anybody can see it. */
  async refresh() {
    if (this.closest('[hidden]')) return;
    const editor = this.closest('ld-editor');
    const base = editor ? editor.address : this.dataset.base;
    const locale = editor ? editor.queue.locale : this.dataset.locale;
    if (!base) {
      this.replaceChildren(h('p', { class: 'hint' }, 'Nothing is saved yet. Write something, then look again.'));
      return;
    }
    try {
      const { status, body } = await ask('GET', `${base}/served${locale ? `?locale=${encodeURIComponent(locale)}` : ''}`, { patience: 10_000 });
      if (status !== 200) throw new Error(`the server answered ${status}`);
      const shown = this.dataset.version;
      this.#show(body, shown && body[shown] ? shown : body.draft ? 'draft' : 'live');
    } catch {
      this.replaceChildren(h('p', { class: 'hint', role: 'status' }, 'The answer could not be looked up. Close this tab and open it again in a moment.'));
    }
  }

  /** One version: its request to copy, and the answer. */
  #show(body, version) {
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.version ?? document.activeElement.id : null;
    this.dataset.version = version;
    const { address, json } = body[version];
    const joint = address.includes('?') ? '&' : '?';
    const request = `curl "${body.site}${address}${joint}auth_token=$LARDER_TOKEN"`;
    const choices = h('div', { class: 'seg', role: 'group', 'aria-label': 'Version' }, Object.entries(VERSIONS).filter(([name]) => body[name]).map(([name, text]) => h('button', {
      type: 'button', 'aria-pressed': String(name === version), 'data-version': name, onclick: () => this.#show(body, name),
    }, text)));
    this.replaceChildren(choices, snippet('Request', 'served-request', request), snippet('Answer', 'served-json', json));
    if (!body.live) choices.after(h('p', { class: 'hint' }, 'Nothing is live yet: without preview=1 the API answers 404.'));
    const back = focused && (this.querySelector(`[data-version="${CSS.escape(focused)}"]`) ?? this.querySelector(`#${CSS.escape(focused)}`));
    back?.focus();
  }
}

function snippet(title, id, text) {
  return h('div', { class: 'snippet' },
    h('header', {}, h('h2', {}, title), h('button', { type: 'button', class: 'btn s', 'data-copy-from': id }, icon('copy'), h('span', { 'data-label': '' }, 'Copy'), h('span', { class: 'sr' }, ` ${title.toLowerCase()}`))),
    h('pre', { class: 'code', id, tabIndex: 0, 'aria-label': title, role: 'region' }, text));
}
