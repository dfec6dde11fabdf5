// The copy on this device: one record per open editor, removed when the server has what is in it.
// A record: { key, user, userName, type, entry, locale, address, title, at, rev, inflight, ops, held }.

import { mergedAll } from './ops.js';

const NAME = 'larder';
const STORE = 'unsent';
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('storage is blocked'));
  });
  return opening;
}

function done(transaction, request) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** All records of one person; of everyone without a `user`. Rejects where storage is blocked. */
export async function kept(user) {
  const transaction = (await open()).transaction(STORE, 'readonly');
  const all = await done(transaction, transaction.objectStore(STORE).getAll());
  return all.filter((record) => user === undefined || record.user === user);
}

/** Removes a record; nothing happens when it is gone already. */
export async function forget(key) {
  const transaction = (await open()).transaction(STORE, 'readwrite', { durability: 'strict' });
  await done(transaction, transaction.objectStore(STORE).delete(key));
}

/** The keys of records whose tabs are open: each holds a lock of that name. */
export async function openTabs() {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name).filter((name) => name.startsWith('larder-tab:')).map((name) => name.slice('larder-tab:'.length)));
}

/** Holds the lock by which other tabs know that this one is still writing `key`. */
export function stayKnown(key) {
  navigator.locks?.request(`larder-tab:${key}`, () => new Promise(() => {}));
}

/** All operations of a record, oldest first. */
export function opsOf(record) {
  return mergedAll([], [...(record.inflight?.ops ?? []), ...record.ops, ...(record.held ?? []).map(({ op }) => op)]);
}

/** Writes what is unsent at most every 300 ms while it changes, and at once when the page may go away. */
export class DeviceCopy {
  #db = null;
  #timer = 0;
  #written = false;
  /** Why nothing can be kept here, or null. */
  blocked = null;
  /** Whether everything unsent is written. */
  complete = true;

  /** @param snapshot  gives the record to keep, or null when all is sent
   *  @param onblocked called once, when this browser refuses to keep anything */
  constructor(key, snapshot, onblocked) {
    this.key = key;
    this.snapshot = snapshot;
    this.onblocked = onblocked;
  }

  /** Opens the storage beforehand: while a page goes away there is no time to. */
  async ready() {
    try {
      this.#db = await open();
    } catch (error) {
      this.#block(error);
    }
  }

  /** Something changed. */
  touch() {
    this.complete = false;
    this.#timer ||= setTimeout(() => this.write(), 300);
  }

  /** Writes what is unsent now, or removes the record when nothing is. */
  write() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#db || this.blocked) return;
    const record = this.snapshot();
    if (!record && !this.#written) {
      this.complete = true;
      return;
    }
    try {
      const transaction = this.#db.transaction(STORE, 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore(STORE);
      if (record) store.put({ ...record, key: this.key });
      else store.delete(this.key);
      this.#written = Boolean(record);
      transaction.oncomplete = () => { this.complete ||= !this.#timer; };
      transaction.onabort = () => this.#block(transaction.error);
      transaction.commit();
    } catch (error) {
      this.#block(error);
    }
  }

  #block(error) {
    if (this.blocked) return;
    this.blocked = error ?? new Error('storage is blocked');
    this.onblocked(this.blocked);
  }
}
