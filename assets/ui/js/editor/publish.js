// The filled button, its menu and the badges, by the state of the entry (dashboard §6.8).

import { announce, h, icon, idOf } from './dom.js';
import { badge } from './ref.js';
import { openMenu } from './menu.js';
import { short } from './when.js';

const MENU = {
  publish: ['Publish now', 'rocket'], schedule: ['Schedule…', 'clock'], 'schedule-changes': ['Schedule changes…', 'clock'], 'clear-time': ['Clear time', 'x'],
  unschedule: ['Unschedule', 'x'], unpublish: ['Unpublish…', 'eye-off'], 'unpublish-at': ['Unpublish at a time…', 'clock'], discard: ['Discard changes…', 'undo-2'],
  duplicate: ['Duplicate', 'copy'], delete: ['Delete…', 'trash-2'],
};

const SOON = 'When you publish';

/** What is offered: `{action, text, icon?, quiet?, menu: [action…]}`. `planned` is a time set in the form and not yet acted on, `review` who asked for one. */
export function offer({ status, planned, mayPublish, review }) {
  if (!mayPublish && review) return { action: null, text: 'Waiting for review', icon: 'clock', quiet: true, menu: [] };
  if (!mayPublish && status === 'published') return { action: null, text: 'Published', icon: 'check', quiet: true, menu: [] };
  if (!mayPublish) return { action: 'review', text: 'Ask for review', menu: [] };
  if (status === 'scheduled') return { action: 'schedule', text: 'Change schedule', icon: 'clock', menu: ['publish', 'unschedule'] };
  if (status === 'published') return { action: null, text: 'Published', icon: 'check', quiet: true, menu: ['unpublish', 'unpublish-at'] };
  if (status === 'changed') return { action: 'publish', text: 'Publish changes', menu: ['schedule-changes', 'discard', 'unpublish', 'unpublish-at'] };
  if (planned) return { action: 'schedule', text: 'Schedule', icon: 'clock', menu: ['publish', 'clear-time'] };
  return { action: 'publish', text: 'Publish', menu: ['schedule'] };
}

/** Draws the control in `place`. `run(action)` does what is chosen; `plan()` resolves with what publishing would change. */
export class PublishControl {
  constructor({ place, scope, run, plan }) {
    Object.assign(this, { place, scope, run, plan });
    this.reason = h('span', { class: 'ed-reason', role: 'status' });
    place.before(this.reason);
  }

  /** @param state `{status, planned, mayPublish, blocked: sentence or null, busy}` */
  draw(state) {
    const key = JSON.stringify(state);
    if (key === this.drawn) return;
    this.drawn = key;
    const focused = this.place.contains(document.activeElement) ? [...this.place.querySelectorAll('button')].indexOf(document.activeElement) : -1;
    const { action, text, icon: picture, quiet, menu } = offer(state);
    const { blocked } = state;
    this.reason.textContent = blocked ?? '';
    const off = Boolean(blocked) || !action;
    const look = quiet ? 'btn' : 'btn p';
    const main = h('button', {
      type: 'button', class: look, 'data-action': action ?? undefined, 'aria-disabled': off ? 'true' : undefined,
      'aria-busy': state.busy ? 'true' : undefined, 'aria-describedby': blocked ? idOf(this.reason) : undefined,
    }, picture ? icon(picture) : null, text);
    const more = menu.length > 0 && h('button', {
      type: 'button', class: look, 'aria-label': 'More publish choices', 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => this.#open(more, menu, blocked),
    }, icon('chevron-down'));
    this.place.classList.add('split');
    this.place.replaceChildren(main, ...(more ? [more] : []));
    this.place.classList.toggle('ed-one', !more);
    if (focused >= 0) (this.place.children[focused] ?? main).focus();
  }

  #open(button, menu, blocked) {
    const items = menu.map((action) => {
      const [text, picture] = MENU[action];
      return { text, icon: picture, disabled: Boolean(blocked) && !['clear-time', 'discard'].includes(action), act: () => this.run(action) };
    });
    const box = openMenu(button, items);
    const note = h('p', { class: 'lab' }, 'What publishing would change: …');
    box.append(note);
    this.plan().then((text) => {
      if (!box.isConnected) return;
      note.textContent = text;
      announce(text);
    });
  }
}

/** Shows the status everywhere in `scope`: badges, and the facts of the details rail. */
export function showStatus(scope, { status, publishedAt, scheduledAt, review }, zone) {
  for (const place of scope.querySelectorAll('[data-badge]')) place.replaceChildren(badge(status));
  const facts = {
    published: publishedAt ? short(publishedAt, zone) : 'Not yet',
    'goes-live': status === 'scheduled' && scheduledAt ? short(scheduledAt, zone) : status === 'published' ? 'Is live' : SOON,
  };
  for (const [name, text] of Object.entries(facts)) for (const place of scope.querySelectorAll(`[data-kv="${name}"]`)) place.textContent = text;
  for (const button of scope.querySelectorAll('[data-goes-live]')) {
    // What is live without changes has nothing to wait for.
    button.disabled = status === 'published';
    button.dataset.action = status === 'changed' ? 'schedule-changes' : 'schedule';
    button.querySelector('span').textContent = facts['goes-live'] === SOON ? 'On publish' : facts['goes-live'];
  }
  for (const place of scope.querySelectorAll('[data-review]:not(ld-editor)')) {
    place.hidden = !review;
    place.querySelector('b').textContent = review ?? '';
  }
}

/** Shows in the details rail what publishing has just done. */
export function showResult(scope, { ms, refreshed }) {
  const place = scope.querySelector('[data-result]');
  if (!place || ms === undefined) return;
  const now = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  place.hidden = false;
  place.querySelector('span').replaceChildren(h('b', {}, `Live since ${now}`), `${Math.round(ms)} ms, ${refreshed} ${refreshed === 1 ? 'response' : 'responses'} refreshed`);
}
