// What stops saving until somebody does something: told in a banner, with what to do. The text always stays.

import { toast } from '../toast.js';
import { ask, sentenceOf } from './transport.js';

export class Halts {
  constructor({ editor, queue, banners, session }) {
    Object.assign(this, { editor, queue, banners, session });
    queue.addEventListener('halt', ({ detail }) => this.#halted(detail));
    session.addEventListener('back', () => {
      for (const name of ['signin', 'other', 'ending']) banners.hide(name);
      if (queue.halted === 'signin' || queue.halted === 'other') queue.resume().then(() => editor.actions.goOn());
    });
    session.addEventListener('other', ({ detail }) => this.#other(detail));
    session.addEventListener('ending', () => banners.show('ending', {
      look: 'w', icon: 'clock', urgent: true, title: 'You will be signed out in 2 minutes', text: 'Sign in again to go on without a break. Nothing you wrote is lost.',
      buttons: [{ text: 'Sign in again', act: () => session.ask() }],
    }));
    session.addEventListener('extended', () => banners.hide('ending'));
    document.addEventListener('ld:signin', (event) => {
      event.preventDefault();
      this.signIn();
    }, { signal: editor.signal });
  }

  /** Opens the sign-in dialog. */
  signIn() {
    if (!this.queue.halted) this.queue.halt('signin', 'Please sign in again');
    this.banners.show('signin', {
      look: 'e', icon: 'user', title: 'Please sign in again', text: 'Your text is safe on this page. Sign in here and go on where you were.',
      buttons: [{ text: 'Sign in', act: () => this.session.ask() }],
    });
    this.session.ask();
  }

  /** The entry is gone. `here` when it was deleted in this tab. */
  deleted({ by, at, here = false } = {}) {
    if (!this.queue.halted) this.queue.halt('deleted', 'this was deleted');
    this.banners.show('deleted', {
      look: 'e', icon: 'trash-2', urgent: !here,
      title: here ? 'Deleted' : `${by || 'Someone'} deleted this${at ? ` ${new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}` : ' meanwhile'}`,
      text: here ? 'It is in the trash for 30 days.' : 'Your text is still here and on this device.',
      buttons: [{ text: here ? 'Restore it' : 'Restore entry with my text', act: () => this.#undelete() }, this.#copyAll()],
    });
  }

  /** The entry was brought back elsewhere. */
  undeleted() {
    if (this.queue.halted !== 'deleted') return;
    this.banners.hide('deleted');
    this.queue.resume();
  }

  #halted({ why, by, at }) {
    if (why === 'signin') this.signIn();
    else if (why === 'deleted') this.deleted({ by, at });
    else if (why === 'forbidden') {
      this.banners.show('forbidden', {
        look: 'e', icon: 'lock', urgent: true, title: 'This cannot be saved', text: `${this.queue.reason} What you wrote is kept on this device.`,
        buttons: [{ text: 'Try again', act: () => { this.banners.hide('forbidden'); this.queue.resume(); } }, this.#copyAll()],
      });
    }
  }

  #other(who) {
    const { userName } = this.editor.dataset;
    this.banners.hide('signin');
    this.queue.halt('other', `this text belongs to ${userName}`);
    this.banners.show('other', {
      look: 'e', icon: 'user', urgent: true, title: `This text belongs to ${userName}`,
      text: `${who.name} is signed in now, so nothing is sent. Sign in as ${userName}, or copy it.`,
      buttons: [{ text: 'Sign in', act: () => this.session.ask() }, this.#copyAll()],
    });
  }

  async #undelete() {
    const { address, client, actions } = this.editor;
    try {
      const { status, body } = await ask('POST', `${address}/undelete`, { body: { client, locale: this.queue.locale } });
      if (status !== 200) {
        toast({ kind: 'error', title: 'Not restored', detail: sentenceOf(body) ?? `The server answered ${status}.` });
        return;
      }
      this.banners.hide('deleted');
      // The base stays: what happened to the entry before it was deleted is still compared with.
      actions.accept(body);
      if (this.queue.rev === undefined) this.queue.accept(body);
      await this.queue.resume();
      toast({ title: 'Restored', detail: 'The entry is back, with your text.' });
    } catch {
      toast({ kind: 'error', title: 'Not restored', detail: 'The server does not answer. Your text is kept; try again in a moment.' });
    }
  }

  #copyAll() {
    return { text: 'Copy everything', copy: () => this.editor.form.text() };
  }
}
