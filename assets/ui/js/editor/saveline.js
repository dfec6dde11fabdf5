// The save line of the top bar. It has exactly five states and announces only when the state changes.

import { h, icon } from './dom.js';

const ICONS = { saving: 'loader-circle', saved: 'cloud-check', kept: 'cloud-off', choice: 'users', failed: 'cloud-alert' };

/** What the save line says for a queue: `{state, text}`, or null before anything happened. */
export function stateOf(queue, storage, now = Date.now()) {
  if (queue.conflicts.size > 0) return { state: 'choice', text: 'Needs your choice' };
  if (queue.halted === 'signin' || queue.halted === 'other') return storage ? notKept(storage) : kept();
  if (queue.halted) return { state: 'failed', text: `Could not save: ${queue.reason}` };
  const [refused] = queue.refused.values();
  if (refused && !queue.unsent) return { state: 'failed', text: `Could not save: ${refused.sentence}` };
  if (queue.failing) return storage ? notKept(storage) : kept();
  if (queue.sendingSince && now - queue.sendingSince >= 400) return { state: 'saving', text: 'Saving…' };
  if (!queue.savedAt) return null;
  return { state: 'saved', text: `Saved ${since(queue.savedAt, now)}` };
}

function kept() {
  return { state: 'kept', text: 'Kept on this device, not sent yet' };
}

function notKept() {
  return { state: 'failed', text: 'Could not save: the server does not answer, and this browser keeps no copy' };
}

/** "just now", "2 s ago", "14:02". */
export function since(then, now = Date.now()) {
  const seconds = Math.round((now - then) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  return new Date(then).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** Shows the state of a queue in `place` as time goes by. */
export class SaveLine {
  #state = null;
  #timer = 0;

  constructor(place, queue) {
    this.queue = queue;
    this.shown = h('span', { class: 'ed-line', 'aria-hidden': 'true' });
    this.told = h('span', { class: 'sr', role: 'status', 'aria-live': 'polite' });
    place.replaceChildren(this.shown, this.told);
    this.place = place;
    queue.addEventListener('state', () => this.update());
    this.#timer = setInterval(() => this.update(), 1000);
  }

  /** Why this browser keeps no copy, once known; said once. */
  storageBlocked = null;

  stop() {
    clearInterval(this.#timer);
  }

  update() {
    const now = Date.now();
    const { sendingSince } = this.queue;
    if (sendingSince && now - sendingSince < 400) setTimeout(() => this.update(), 410 - (now - sendingSince));
    const next = stateOf(this.queue, this.storageBlocked, now);
    if (!next) return;
    if (next.text !== this.shown.textContent) this.shown.replaceChildren(icon(ICONS[next.state], 'sm'), next.text);
    if (next.state === this.#state) return;
    // Saving and saved alternate all day: only the end of another state is news.
    const routine = ['saving', 'saved', null];
    if (!routine.includes(next.state) || !routine.includes(this.#state)) this.told.textContent = next.text;
    this.#state = next.state;
    this.place.dataset.state = next.state;
  }

  /** Says once that this browser keeps nothing. */
  sayBlocked(reason) {
    this.storageBlocked = reason;
    this.told.textContent = 'This browser keeps no copy of your text, so it is sent more often';
    this.place.title = this.told.textContent;
    this.place.append(h('span', { class: 'ed-once' }, 'This browser keeps no copy, so text is sent more often.'));
    this.update();
  }
}
