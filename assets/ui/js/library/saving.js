import { csrf } from '../csrf.js';

const PAUSE = 500;
const PATIENCE = 400;
const RETRIES = [1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Saves what is said of a file, as it is typed. Each value travels with the one it was made from, so that nobody's change
 * is written over; until the server has it, it is kept on this device.
 *
 * `onsaved` gets the facts, `onmet` the fields that somebody else changed and the facts, `onwrong` a field and a sentence.
 */
export class Saving {
  #address;
  #store;
  #line;
  #on;
  #was;
  #waiting = new Map();
  #met = new Set();
  #timer = 0;
  #running = null;
  #tries = 0;

  constructor({ facts, line, person, onsaved, onmet, onwrong }) {
    this.#address = `/admin/media/${facts.id}`;
    this.#store = `larder:media:${person}:${facts.id}`;
    this.#line = line;
    this.#on = { onsaved, onmet, onwrong };
    this.#was = structuredClone(facts);
    addEventListener('online', () => this.now());
    addEventListener('pagehide', () => { if (this.#waiting.size) this.#send(true); });
  }

  /** Takes a value; it is sent when nobody has typed for a moment. */
  put(field, value) {
    this.#waiting.set(field, value);
    this.#keep();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), PAUSE);
  }

  /** What the server has by now, by another way. */
  known(field, value) {
    this.#was[field] = value;
  }

  /** The values that this device kept because they were never sent; they are sent now. */
  resume() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.#store)) ?? {};
    } catch {
      return {};
    }
    const shown = {};
    for (const [field, { value, was }] of Object.entries(kept)) {
      if (JSON.stringify(value) === JSON.stringify(this.#was[field])) continue;
      this.#was[field] = was;
      this.#waiting.set(field, value);
      shown[field] = value;
    }
    this.#keep();
    if (this.#waiting.size) this.now();
    return shown;
  }

  /** Sends what waits. Resolves when it is saved, or known not to be. */
  async now() {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (![...this.#waiting.keys()].some((field) => !this.#met.has(field))) return;
    this.#running = this.#send(false);
    await this.#running;
    this.#running = null;
  }

  /** After a choice between two versions: ours is sent over theirs, or dropped for it. */
  settle(fields, theirs, mine) {
    for (const field of fields) {
      this.#was[field] = theirs[field];
      this.#met.delete(field);
      if (!mine) this.#waiting.delete(field);
    }
    this.#keep();
    this.#say(mine ? 'Saving…' : 'Saved');
    this.now();
  }

  async #send(leaving) {
    const sent = new Map([...this.#waiting].filter(([field]) => !this.#met.has(field)));
    const was = Object.fromEntries([...sent.keys()].map((field) => [field, this.#was[field]]));
    const slow = setTimeout(() => this.#say('Saving…'), PATIENCE);
    const answer = await fetch(this.#address, {
      method: 'PATCH', keepalive: leaving, body: JSON.stringify({ ...Object.fromEntries(sent), was }),
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': csrf() },
    }).catch(() => null);
    clearTimeout(slow);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) this.#saved(sent, told);
    else this.#refused(sent, answer?.status ?? 0, told);
  }

  #saved(sent, facts) {
    this.#tries = 0;
    for (const [field, value] of sent) {
      // What was typed since is still to be sent.
      if (this.#waiting.get(field) === value) this.#waiting.delete(field);
      this.#was[field] = facts[field];
    }
    this.#keep();
    this.#say('Saved just now');
    this.#on.onsaved(facts);
  }

  #refused(sent, status, told) {
    if (status === 409 && told?.facts) {
      const fields = [...sent.keys()].filter((field) => JSON.stringify(told.facts[field]) !== JSON.stringify(this.#was[field]));
      for (const field of fields) this.#met.add(field);
      this.#say('Needs your choice');
      this.#on.onmet(fields, told.facts);
      if (sent.size > fields.length) this.#timer = setTimeout(() => this.now(), PAUSE);
      return;
    }
    if (status === 401) document.dispatchEvent(new CustomEvent('ld:signin', { cancelable: true }));
    if (status === 0 || status === 401 || status >= 500) {
      this.#say('Kept on this device, not sent yet');
      this.#timer = setTimeout(() => this.now(), RETRIES[Math.min(this.#tries, RETRIES.length - 1)]);
      this.#tries += 1;
      return;
    }
    for (const [field, texts] of Object.entries(told?.problems ?? {})) this.#on.onwrong(field, texts.join(' '));
    this.#say(`Could not save: ${told?.message ?? `the server did not take it (answer ${status}).`}`);
    for (const field of sent.keys()) this.#waiting.delete(field);
    this.#keep();
  }

  #keep() {
    const kept = Object.fromEntries([...this.#waiting].map(([field, value]) => [field, { value, was: this.#was[field] }]));
    try {
      if (this.#waiting.size) localStorage.setItem(this.#store, JSON.stringify(kept));
      else localStorage.removeItem(this.#store);
    } catch {
      // Without storage the server has it a moment later all the same.
    }
  }

  #say(text) {
    if (this.#line.textContent !== text) this.#line.textContent = text;
  }
}
