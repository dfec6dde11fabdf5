// What an earlier tab left on this device: told in an amber banner, compared, restored or discarded.

import { toast } from '../toast.js';
import { count, dialog, h } from './dom.js';
import { difference, plainText } from './diff.js';
import { forget, kept, openTabs, opsOf } from './device.js';
import { keyOf } from './ops.js';

export class Comeback {
  constructor({ editor, form, queue, banners }) {
    Object.assign(this, { editor, form, queue, banners });
  }

  /** Looks for what other tabs left of this entry and tells of it: of closed ones now, of open ones when they close. */
  async look({ user, type, entry, locale, client, signal }) {
    const left = async () => {
      const records = await kept(user);
      return records.filter((record) => record.type === type && String(record.entry) === String(entry) && record.locale === locale && !record.key.endsWith(`|${client}`));
    };
    try {
      const alive = await openTabs();
      for (const record of (await left()).sort((a, b) => a.at - b.at)) {
        if (!alive.has(record.key)) await this.#tell(record);
        else this.#whenClosed(record.key, left, signal);
      }
    } catch {
      // Storage is blocked: the save line says so.
    }
  }

  /** A tab that is being closed, or crashes, keeps its lock for a moment. */
  #whenClosed(key, left, signal) {
    navigator.locks.request(`larder-tab:${key}`, { signal }, async () => {
      const record = (await left()).find((found) => found.key === key);
      if (record) await this.#tell(record);
    }).catch(() => {
      // The editor went away first.
    });
  }

  async #tell(record) {
    const missing = this.form.missing(opsOf(record));
    if (missing.length === 0) return forget(record.key);
    const name = `kept:${record.key}`;
    const buttons = [
      { text: 'Compare', act: () => this.#compare(record, missing) },
      { text: 'Discard', act: () => this.#discard(record, name) },
      { text: 'Restore', look: 'p', act: () => this.restore(record, name) },
    ];
    return this.banners.show(name, {
      look: 'w', icon: 'history', buttons,
      title: `We kept ${count(missing.length, 'change')} from this device`,
      text: `Written ${day(record.at)}, newer than the copy on the server.`,
    });
  }

  async #compare(record, missing) {
    const rows = missing.map((op) => {
      const name = this.form.name(keyOf(op));
      if (op.op !== 'set') return h('div', {}, h('div', { class: 'lab' }, name), h('p', {}, { insert: 'Added', move: 'Moved', remove: 'Removed' }[op.op]));
      const now = plainText(this.form.field(op.path)?.get());
      return h('div', {}, h('div', { class: 'lab' }, name), h('div', { class: 'diff', dir: 'auto' }, difference(now, plainText(op.value))));
    });
    const choice = await dialog({
      title: 'What this device kept', wide: true, focus: 'h2',
      content: [h('p', { class: 'muted' }, 'Marked: what Restore would add and take away.'), h('div', { class: 'stack' }, rows)],
      buttons: [{ text: 'Close', value: '' }, { text: 'Restore', value: 'restore', look: 'p' }],
    });
    if (choice === 'restore') await this.restore(record, `kept:${record.key}`);
  }

  /** Shows and sends what was kept; the banner goes when the server has it. */
  async restore(record, name) {
    if (!(await this.queue.flush())) {
      toast({ title: 'Not restored yet', kind: 'warn', detail: 'The server does not answer. What was kept stays on this device; try again in a moment.' });
      return;
    }
    const ops = this.form.missing(opsOf(record));
    const saved = new Map((record.held ?? []).map(({ op }) => [keyOf(op), op.op === 'set' ? this.form.field(op.path)?.get() ?? null : null]));
    const back = ops.map((op) => {
      const inverse = this.form.inverse(op);
      this.form.apply(op);
      return inverse;
    }).reverse().flat();
    this.editor.history.push('Restore', back);
    this.queue.restore({
      rev: record.rev,
      inflight: record.inflight,
      ops: record.ops,
    });
    for (const { op, by, at } of record.held ?? []) {
      if (op.op === 'set') this.queue.hold(op, { theirs: saved.get(keyOf(op)), by, at });
      else this.queue.change(op);
    }
    const done = () => {
      if (this.queue.unsent) return;
      this.queue.removeEventListener('unsent', done);
      // A choice that is still open is kept under this tab's own record by now.
      forget(record.key);
      this.banners.hide(name);
    };
    this.queue.addEventListener('unsent', done);
    done();
  }

  #discard(record, name) {
    this.banners.hide(name);
    const gone = setTimeout(() => forget(record.key), 10_000);
    toast({
      title: 'Discarded', kind: 'info', detail: 'What this device kept is removed.', seconds: 10,
      actions: [{ label: 'Undo', run: () => {
        clearTimeout(gone);
        this.#tell(record);
      } }],
    });
  }
}

/** "today at 14:02", "on 12 November at 09:14". A clock that was wrong shows as the device has it. */
function day(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date().toDateString()) return `today at ${time}`;
  return `on ${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })} at ${time}`;
}
