// Publishing and everything else the server does with an entry: send the text first, take over the new rev, say what happened.

import { toast } from '../toast.js';
import { openProblems } from './checklist.js';
import { announce } from './dom.js';
import { showProblems } from './field.js';
import { uploads } from './uploads.js';
import { PublishControl, showResult, showStatus } from './publish.js';
import { askDelete, askSure, askTime, askUnpublish } from './schedule.js';
import { ask, sentenceOf } from './transport.js';
import { askMoved } from './visitors.js';

const GATED = new Set(['publish', 'schedule', 'unpublish']);

export class Actions {
  #busy = false;
  #current = null;
  #wanted = null;

  constructor({ editor, queue, form, scope, zone }) {
    Object.assign(this, { editor, queue, form, scope, zone });
    const { status, scheduledAt, publishedAt, mayPublish, review } = editor.dataset;
    this.state = { status: status || 'draft', scheduledAt: scheduledAt || null, publishedAt: publishedAt || null, review: review || null };
    this.mayPublish = mayPublish !== '0';
    const place = scope.querySelector('[data-publish]');
    this.control = place && new PublishControl({ place, scope, run: (action) => this.run(action), plan: () => this.#plan() });
    scope.addEventListener('click', (event) => {
      const button = event.target.closest('[data-action]');
      if (!button || !scope.contains(button)) return;
      event.preventDefault();
      if (button.getAttribute('aria-disabled') === 'true') announce(this.blocked ?? 'There is nothing to do here now');
      else this.run(button.dataset.action, button);
    }, { signal: editor.signal });
    queue.addEventListener('state', () => this.draw());
    for (const told of ['ld-uploads', 'ld:uploads']) scope.addEventListener(told, () => this.draw(), { signal: editor.signal });
    this.accept({});
  }

  /** Why nothing can be published now, or null. */
  get blocked() {
    if (this.queue.conflicts.size > 0) return 'Choose between the two versions first';
    if (uploads() > 0) return uploads() === 1 ? 'An upload is still running' : `${uploads()} uploads are still running`;
    if (this.queue.halted === 'other') return 'This text belongs to someone else';
    return null;
  }

  draw() {
    // What is being written is not live yet, also before the server has heard of it.
    const status = this.state.status === 'published' && this.queue.unsaved ? 'changed' : this.state.status;
    this.control?.draw({ status, planned: this.state.status === 'draft' && Boolean(this.state.scheduledAt), mayPublish: this.mayPublish, review: this.state.review, blocked: this.blocked, busy: this.#busy });
  }

  /** Takes over what any answer says about the status. */
  accept({ status, published_at: publishedAt, scheduled_at: scheduledAt, review }) {
    if (status) this.state.status = status;
    if (publishedAt !== undefined) this.state.publishedAt = publishedAt;
    if (scheduledAt !== undefined) this.state.scheduledAt = scheduledAt;
    if (review !== undefined) this.state.review = review?.by ?? null;
    showStatus(this.scope, this.state, this.zone);
    this.editor.showFollowing(this.state.status);
    this.draw();
  }

  /** Runs what the filled button offers, after what is under way: by key, a press during that time is meant. */
  async runOffered() {
    // What an editor has not told of yet decides what is offered, too.
    this.queue.gather?.();
    while (this.#busy) await this.#current;
    const button = this.scope.querySelector('[data-publish] [data-action]');
    button?.click();
  }

  /** Asks what has to be asked, and does it. */
  async run(action, button = this.scope.querySelector('[data-publish] button')) {
    if (this.#busy) return;
    const blocked = GATED.has(action.split('-')[0]) && this.blocked;
    if (blocked) {
      announce(blocked);
      return;
    }
    const steps = {
      schedule: () => this.#schedule('schedule', 'Schedule', button),
      'schedule-changes': () => this.#schedule('schedule', 'Schedule changes', button),
      'clear-time': () => this.send('unschedule', {}, button),
      'unpublish-at': () => this.#schedule('unpublish', 'Unpublish at a time', button),
      unpublish: () => this.#unpublish(button),
      discard: () => this.#discard(button),
      delete: () => this.#delete(button),
      preview: () => this.#preview(),
      publish: () => this.send('publish', { asks: '1' }, button),
    };
    await (steps[action] ?? (() => this.send(action, button?.dataset.body ? JSON.parse(button.dataset.body) : {}, button)))();
  }

  async #schedule(action, verb, button) {
    const publishes = action === 'schedule';
    const links = publishes ? null : await this.#links();
    const body = await askTime({ title: `${verb} “${this.editor.name}”`, verb, zone: this.zone, at: publishes ? this.state.scheduledAt : null, links });
    if (body) await this.send(action, publishes ? { ...body, asks: '1' } : body, button);
  }

  async #unpublish(button) {
    const body = await askUnpublish(this.editor.name, await this.#links());
    if (body) await this.send('unpublish', body, button);
  }

  /** Who links here, and who visits; null when that cannot be told, which the question says. */
  async #links() {
    try {
      const { status, body } = await ask('GET', `${this.editor.address}/links`, { patience: 4000 });
      return status === 200 ? body : null;
    } catch {
      return null;
    }
  }

  async #discard(button) {
    const sure = await askSure({ title: `Discard the changes to “${this.editor.name}”?`, verb: 'Discard changes', text: 'The form goes back to what is live. The discarded version stays in History.' });
    if (sure) await this.send('discard', {}, button);
  }

  async #delete(button) {
    const live = this.state.status === 'published' || this.state.status === 'changed';
    const body = await askDelete(this.editor.name, { live, links: live ? await this.#links() : null });
    if (body) await this.send('delete', body, button);
  }

  /** Shows the draft on the site in a new tab; without an address of the site, the screen that tells how to set one. */
  async #preview() {
    // Opened during the click: browsers block windows that come later.
    const tab = window.open('', '_blank');
    if (tab) tab.opener = null;
    const url = await this.#previewAddress();
    if (!url) tab?.close();
    else if (tab) tab.location.replace(url);
    else toast({ title: 'The preview is ready', detail: 'Your browser kept the new tab from opening.', actions: [{ label: 'Open preview', run: () => window.open(url, '_blank', 'noopener') }], seconds: 30 });
  }

  async #previewAddress() {
    try {
      const answer = await this.queue.exclusive(() => ask('POST', `${this.editor.address}/preview`, { body: { base: this.queue.rev, client: this.queue.client, locale: this.queue.locale } }));
      if (!answer) this.#unsent('preview');
      else if (answer.status === 200) return answer.body.url;
      else await this.#read('preview', answer, null, {});
    } catch {
      toast({ kind: 'error', title: 'Not done: Preview', detail: 'The server does not answer. Your text is kept; try again in a moment.' });
    }
    return null;
  }

  /** Sends the text, then the action. Nothing happens when the text cannot be sent. */
  async send(action, body = {}, button = null) {
    this.#current = this.#send(action, body, button);
    await this.#current;
  }

  async #send(action, body, button) {
    this.#setBusy(true);
    try {
      const answer = await this.queue.exclusive(() => (this.editor.address
        ? ask('POST', `${this.editor.address}/${action}`, { body: { base: this.queue.rev, client: this.queue.client, locale: this.queue.locale, ...body } })
        : { status: 0 }));
      if (!answer) return this.#unsent(action);
      if (answer.status === 0) return toast({ kind: 'warn', title: 'There is nothing here yet', detail: 'Write something first.' });
      return await this.#read(action, answer, button, body);
    } catch {
      return await this.#unknown(action);
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.draw();
  }

  #unsent(action) {
    if (this.queue.halted === 'signin') {
      // A tab opens by a click only.
      if (action !== 'preview') this.#wanted = action;
      return;
    }
    const reason = this.queue.conflicts.size > 0 ? 'Choose between the two versions first.' : `${this.queue.reason ? `${this.queue.reason} ` : ''}Your text could not be sent, so nothing was changed. It is kept; try again in a moment.`;
    toast({ kind: 'warn', title: `Not done: ${verbOf(action)}`, detail: reason });
  }

  async #read(action, { status, body }, button, sent) {
    if (status >= 200 && status < 300) return this.#done(action, body ?? {});
    if (status === 401) return this.editor.signIn();
    if (status === 422 && body?.problems) return this.#problems(button, body.problems);
    if (status === 409 && body?.error === 'changed') return this.#overtaken(action, body, button, sent);
    if (status === 409 && body?.error === 'moves') return this.#moves(action, body, button, sent);
    const detail = sentenceOf(body) ?? `The server answered ${status}. Nothing was changed; try again in a moment.`;
    return toast({ kind: 'error', title: `Not done: ${verbOf(action)}`, detail });
  }

  async #done(action, answer) {
    this.queue.accept(answer);
    this.accept(answer);
    if (answer.slug !== undefined) this.editor.showSlug(answer.slug);
    if (answer.location && action === 'duplicate') return this.editor.leaving.to(answer.location);
    const undo = answer.undo && [{ label: action === 'publish' ? 'Undo publish' : 'Undo', run: () => this.send(answer.undo.action, answer.undo.body ?? {}) }];
    toast({ title: answer.title ?? answer.message ?? doneOf(action), detail: answer.detail ?? '', actions: undo || [], seconds: undo ? 30 : 8 });
    if (action === 'publish') showResult(this.scope, answer);
    if (action === 'delete') return this.editor.deleted({ here: true });
    if (action === 'discard' || action === 'restore') await this.editor.refresh({ everything: true });
    this.editor.recheck();
    this.scope.dispatchEvent(new CustomEvent('ld-acted'));
    return undefined;
  }

  #problems(button, problems) {
    for (const [path, sentences] of Object.entries(problems)) {
      const field = this.form.field(path);
      if (field) showProblems(field.el, sentences);
    }
    this.form.root.dispatchEvent(new CustomEvent('ld-problems'));
    openProblems(button?.isConnected ? button : this.scope.querySelector('[data-publish] button') ?? this.form.root, problems, this.form);
  }

  /** The address would change: nothing is done before somebody has said what becomes of its visitors. */
  async #moves(action, moves, button, sent) {
    const redirect = await askMoved(moves, verbOf(action));
    if (redirect !== null) await this.#send(action, { ...sent, redirect }, button);
  }

  /** Somebody saved in between: their changes are shown before anything goes live under this person's name. */
  async #overtaken(action, { by }, button, sent) {
    await this.editor.refresh();
    toast({
      kind: 'info', title: `${by || 'Someone'} saved this a moment ago`, seconds: 30,
      detail: 'Their changes are in the form now. Look at them, then go on.',
      actions: [{ label: `${verbOf(action)} now`, run: () => this.send(action, sent, button) }],
    });
  }

  /** No answer: it may have happened or not. The entry tells. */
  async #unknown(action) {
    const before = { ...this.state };
    const known = await this.editor.refresh();
    const happened = known && JSON.stringify(before) !== JSON.stringify(this.state);
    if (happened) toast({ title: doneOf(action), detail: 'The answer got lost on the way, but it is done.' });
    else toast({ kind: 'error', title: `Not done: ${verbOf(action)}`, detail: known ? 'The connection broke and nothing was changed. Try again.' : 'The server does not answer. Your text is kept; try again in a moment.' });
  }

  async #plan() {
    if (!this.editor.address) return 'Nothing is live yet.';
    try {
      const { status, body } = await ask('GET', `${this.editor.address}/plan`, { patience: 5000 });
      if (status === 200 && body?.text) return `Publishing ${body.text}`;
    } catch {
      // Said below.
    }
    return 'What publishing would change could not be looked up.';
  }

  /** After signing in again: what was asked for before. */
  goOn() {
    const action = this.#wanted;
    this.#wanted = null;
    if (action) this.send(action, action === 'publish' ? { asks: '1' } : {});
  }
}

function verbOf(action) {
  return { publish: 'Publish', unpublish: 'Unpublish', schedule: 'Schedule', unschedule: 'Unschedule', discard: 'Discard changes', delete: 'Delete', undelete: 'Restore', duplicate: 'Duplicate', preview: 'Preview', restore: 'Restore', review: 'Ask for review', archive: 'Archive' }[action] ?? action;
}

function doneOf(action) {
  return { publish: 'Live', unpublish: 'Unpublished', schedule: 'Scheduled', unschedule: 'The time is cleared', discard: 'Changes discarded', delete: 'Moved to the trash', undelete: 'Restored', restore: 'Restored', review: 'Review asked for', archive: 'Archived' }[action] ?? 'Done';
}
