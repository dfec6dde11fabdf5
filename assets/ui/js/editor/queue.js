// The save queue of one entry: one request at a time, every operation kept until the server has it.

import { sentenceOf } from './transport.js';
import { keyOf, merged, mergedAll, sameValue, within } from './ops.js';

const PAUSES = [1000, 2000, 4000, 8000, 15_000, 30_000];

/** Fires `state` when what the save line says may have changed, `unsent` when the device copy should be written,
 *  `answer` (detail: the server's 200), `theirs` (what others wrote), `conflict`, `refused`, `created`, `halt`. */
export class SaveQueue extends EventTarget {
  #waiting = [];
  #inflight = null;
  #seq = 0;
  #busy = false;
  #pumping = null;
  #due = false;
  #urgent = 0;
  #idle = 0;
  #latest = 0;
  #retry = 0;
  #tries = 0;
  #why = 'autosave';

  /** What waits for the person's choice: key -> { op, theirs, text, by, at, what }. */
  conflicts = new Map();
  /** What the server could not store: key -> { op, sentence }. */
  refused = new Map();
  /** Why nothing is sent until something happens: 'signin', 'other', 'deleted', 'forbidden', or null. */
  halted = null;
  /** The server's sentence or what broke, while sending fails. */
  reason = null;
  savedAt = null;
  sendingSince = null;

  /** @param send  `(create, body) -> Promise<{status, body, retryAfter}>`; rejects when no answer came
   *  @param gather  tells of changes that were not told yet, before everything is sent
   *  @param pace  how long after a change to send, and how long at most while changes go on (ms) */
  constructor({ client, locale, rev, create, send, gather, followsSlug, pace = { idle: 1500, most: 5000 } }) {
    super();
    Object.assign(this, { client, locale, rev, create, send, gather, followsSlug, pace });
  }

  /** Whether the server lacks anything of what was written here. */
  get unsent() {
    return Boolean(this.#inflight) || this.#waiting.length > 0;
  }

  /** As `unsent`, with what waits for a choice or was refused. */
  get unsaved() {
    return this.unsent || this.conflicts.size > 0 || this.refused.size > 0;
  }

  get failing() {
    return this.#tries > 0;
  }

  /** What the device copy holds. */
  snapshot() {
    return {
      rev: this.rev,
      inflight: this.#inflight,
      ops: [...this.#waiting, ...Array.from(this.refused.values(), ({ op }) => op)],
      held: Array.from(this.conflicts.values(), ({ op, by, at }) => ({ op, by, at })),
    };
  }

  /** Whether something about `path` is not on the server yet. */
  touches(path) {
    const about = (op) => within(op.op === 'set' ? op.path : keyOf(op), path) || (op.op !== 'set' && op.list === path);
    return this.#waiting.some(about) || Boolean(this.#inflight?.ops.some(about)) || this.conflicts.has(path);
  }

  /** Whether the place of an element of `list` is changed by something unsent. */
  touchesOrder(list) {
    const about = (op) => op.op !== 'set' && op.list === list;
    return this.#waiting.some(about) || Boolean(this.#inflight?.ops.some(about));
  }

  /** Whether an unsent operation brings the element `key`. */
  inserts(key) {
    return this.#hasOp('insert', key);
  }

  /** Whether an unsent operation removes the element `key`. */
  removes(key) {
    return this.#hasOp('remove', key);
  }

  #hasOp(kind, key) {
    const is = (op) => op.op === kind && keyOf(op) === key;
    return this.#waiting.some(is) || Boolean(this.#inflight?.ops.some(is));
  }

  /** Takes an operation that the form shows already. */
  change(op) {
    const key = keyOf(op);
    const held = this.#heldFor(op);
    if (held) {
      held.op = held.op.op === 'set' && op.op === 'set' && held.op.path === op.path ? op : held.op;
      this.#emit('unsent');
      return;
    }
    this.refused.delete(key);
    this.#waiting = merged(this.#waiting, op);
    this.#emit('unsent');
    this.#emit('state');
    this.#schedule();
  }

  /** Sends soon, without waiting for a pause in typing: a field was left. */
  hurry() {
    if (this.#waiting.length === 0) return;
    this.#due = true;
    this.#pump();
  }

  /** Tries again now: the network is back, the person asks, someone signed in. */
  wake() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#due = true;
    return this.#pump();
  }

  /** Sends everything. Resolves with whether the server has it all. */
  async flush(why = 'autosave') {
    this.gather?.();
    this.#why = why;
    this.#urgent += 1;
    try {
      do await this.wake(); while (this.unsent && !this.halted && !this.failing && !this.#busy);
      return !this.unsent;
    } finally {
      this.#urgent -= 1;
    }
  }

  /** Sends everything and then runs `work`, during which nothing else is sent. Resolves with what `work` gives, or
   *  with null when the text could not be sent. */
  async exclusive(work) {
    while (this.#busy) await this.#pumping;
    const all = await this.flush();
    // Something else had its turn first: what it held up is not lost.
    if (this.#busy) return this.exclusive(work);
    if (!all) return null;
    this.#busy = true;
    const running = Promise.resolve().then(work);
    this.#pumping = running.catch(() => {});
    try {
      return await running;
    } finally {
      this.#busy = false;
      this.#pumping = null;
      if (this.unsent) this.#pump();
    }
  }

  /** Takes over what any answer about the entry says of it. */
  accept(answer) {
    if (answer.rev !== undefined) this.rev = answer.rev;
    if (answer.saved_at) this.savedAt = Date.now();
    this.#emit('state');
  }

  /** Goes on with what a tab left behind; `record` is a device copy. Everything here has to be sent before. */
  restore({ rev, inflight, ops }) {
    this.rev = rev ?? this.rev;
    this.#inflight = inflight ? { ...inflight, restored: true } : null;
    this.#waiting = mergedAll(ops, this.#waiting);
    this.#emit('unsent');
    this.wake();
  }

  /** Others changed `path`: whatever is unsent there waits for a choice. Returns whether something is. */
  contest(path, { theirs, text, by, at, what }) {
    const mine = this.#waiting.filter((op) => keyOf(op) === path);
    if (mine.length > 0) {
      this.#waiting = this.#waiting.filter((op) => keyOf(op) !== path);
      this.hold(mine.at(-1), { theirs, text, by, at, what });
    }
    const held = this.conflicts.get(path);
    if (held) Object.assign(held, { theirs, text, by, at });
    return Boolean(held) || mine.length > 0;
  }

  /** Somebody removed the element `key`, in which something is unsent. */
  contestRemoval(key, { by, at }) {
    const mine = this.#waiting.filter((op) => within(keyOf(op), key));
    this.#waiting = this.#waiting.filter((op) => !within(keyOf(op), key));
    if (mine.length === 0) return;
    this.conflicts.set(key, { op: mine.at(-1), theirs: null, text: null, by, at, what: 'removed' });
    this.#emit('conflict');
    this.#emit('unsent');
    this.#emit('state');
  }

  /** Keeps an operation back until the person has chosen. */
  hold(op, { theirs, text, by, at, what = 'changed' }) {
    if (op.op === 'set' && what === 'changed' && sameValue(op.value, theirs)) return;
    this.conflicts.set(keyOf(op), { op, theirs, text, by, at, what });
    this.#emit('conflict');
    this.#emit('unsent');
    this.#emit('state');
  }

  /** Ends a conflict; `ops` are what to send in its place, none when theirs is taken. */
  settle(key, ops = []) {
    this.conflicts.delete(key);
    for (const op of ops) this.#waiting = merged(this.#waiting, op);
    this.#emit('conflict');
    this.#emit('unsent');
    this.#emit('state');
    this.wake();
  }

  /** Goes on after a halt. */
  resume() {
    this.halted = null;
    this.reason = null;
    this.#tries = 0;
    this.#emit('state');
    return this.wake();
  }

  /** Stops sending until `resume`. */
  halt(why, reason, detail) {
    this.halted = why;
    this.reason = reason;
    this.sendingSince = null;
    this.#emit('halt', { why, ...detail });
    this.#emit('state');
  }

  #heldFor(op) {
    const path = op.op === 'set' ? op.path : keyOf(op);
    for (const [key, held] of this.conflicts) {
      if (key === path || (held.what === 'removed' && within(path, key))) return held;
    }
    return null;
  }

  #schedule() {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.hurry(), this.pace.idle);
    this.#latest ||= setTimeout(() => this.hurry(), this.pace.most);
  }

  #pump() {
    if (this.#busy) return this.#pumping;
    this.#pumping ??= this.#run().finally(() => {
      this.#pumping = null;
      // What was asked for while the last answer was being read.
      if (this.#mayGo()) this.#pump();
    });
    return this.#pumping;
  }

  #mayGo() {
    if (this.halted || this.#busy || this.#retry) return false;
    return Boolean(this.#inflight) || (this.#waiting.length > 0 && (this.#due || this.#urgent > 0));
  }

  async #run() {
    while (this.#mayGo()) {
      if (!this.#inflight) this.#take();
      await this.#attempt();
    }
  }

  #take() {
    clearTimeout(this.#idle);
    clearTimeout(this.#latest);
    this.#idle = this.#latest = 0;
    this.#due = false;
    this.#seq += 1;
    this.#inflight = { client: this.client, seq: this.#seq, base: this.rev, create: this.create, why: this.#why, ops: this.#waiting };
    this.#why = 'autosave';
    this.#waiting = [];
  }

  async #attempt() {
    const { client, seq, base, create, why, ops } = this.#inflight;
    const body = { client, seq, locale: this.locale, ops, why, follow_slug: this.followsSlug(), ...(create ? {} : { base }) };
    // The same words again under the same number, whatever happened in between.
    this.#inflight.text ??= JSON.stringify(body);
    this.sendingSince ??= Date.now();
    this.#emit('state');
    let answer;
    try {
      answer = await this.send(create, this.#inflight.text);
    } catch {
      this.#later(0, null);
      return;
    }
    this.#read(answer);
  }

  #read({ status, body, retryAfter }) {
    if (status === 200) return this.#stored(body);
    if (status === 409 && body?.conflicts) return this.#contested(body);
    if (status === 401) return this.halt('signin', 'Please sign in again');
    if (status === 404 || status === 410) return this.halt('deleted', 'this was deleted meanwhile', body ?? {});
    if (status === 403) return this.halt('forbidden', sentenceOf(body) ?? 'You may not change this.');
    if (status === 400 || status === 413 || status === 415 || status === 422) return this.#tooMuch(status, body);
    return this.#later(retryAfter, sentenceOf(body));
  }

  #stored(answer, conflicts = []) {
    const { ops, create } = this.#inflight;
    this.#inflight = null;
    this.#tries = 0;
    this.reason = null;
    this.sendingSince = null;
    this.savedAt = Date.now();
    this.rev = answer.rev;
    if (create) {
      this.create = false;
      this.#emit('created', answer);
    }
    this.#refuse(ops, answer.refused ?? {});
    for (const conflict of conflicts) this.#open(ops, conflict);
    this.#emit('answer', answer);
    if (answer.theirs?.length) this.#emit('theirs', answer.theirs);
    this.#emit('unsent');
    this.#emit('state');
  }

  #contested(answer) {
    const saved = { ...answer.saved, rev: answer.rev, theirs: answer.theirs ?? answer.saved?.theirs };
    this.#stored(saved, answer.conflicts);
  }

  #refuse(ops, refused) {
    for (const op of ops) {
      const sentence = refused[keyOf(op)] ?? refused[op.path];
      // A newer value of the same field is on its way: the sentence is about what nobody wants any more.
      if (sentence && !this.#waiting.some((later) => keyOf(later) === keyOf(op))) this.refused.set(keyOf(op), { op, sentence });
    }
    this.#emit('refused', refused);
  }

  #open(ops, conflict) {
    const { path, theirs, theirs_text: text, by, at, what } = conflict;
    const newer = this.#waiting.findLast((op) => keyOf(op) === path);
    const mine = newer ?? ops.findLast((op) => keyOf(op) === path) ?? ops.find((op) => within(op.path ?? keyOf(op), path));
    if (!mine) return;
    this.#waiting = this.#waiting.filter((op) => keyOf(op) !== path && !(what === 'removed' && within(keyOf(op), path)));
    if (what === 'removed') {
      this.conflicts.set(path, { op: mine, theirs: null, text, by, at, what });
      this.#emit('conflict');
    } else {
      this.hold(mine, { theirs, text, by, at, what });
    }
  }

  /** Too large or not understood: smaller pieces find the one to blame, and the others go through. */
  #tooMuch(status, body) {
    const { ops } = this.#inflight;
    this.#inflight = null;
    this.sendingSince = null;
    this.#tries = 0;
    if (ops.length === 1) {
      const sentence = sentenceOf(body) ?? (status === 413 ? 'This is too large to be saved.' : 'The server did not understand this value.');
      this.refused.set(keyOf(ops[0]), { op: ops[0], sentence });
      this.#emit('refused', { [keyOf(ops[0])]: sentence });
      this.#emit('state');
      return;
    }
    const half = Math.ceil(ops.length / 2);
    this.#seq += 1;
    this.#inflight = { client: this.client, seq: this.#seq, base: this.rev, create: this.create, why: 'autosave', ops: ops.slice(0, half) };
    this.#waiting = mergedAll(ops.slice(half), this.#waiting);
    this.#due = true;
  }

  #later(retryAfter, reason) {
    const pause = Math.max(PAUSES[Math.min(this.#tries, PAUSES.length - 1)] * (0.8 + Math.random() * 0.4), retryAfter * 1000);
    this.#tries += 1;
    this.reason = reason;
    this.sendingSince = null;
    this.#retry = setTimeout(() => this.wake(), pause);
    this.#emit('state');
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
