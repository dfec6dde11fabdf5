// The sign-in ran out: a dialog over the page, the form stays, and the queue goes on afterwards.

import { closed } from '../closed.js';
import { caret, h, icon } from './dom.js';
import { ask, door, renew, sentenceOf, takeCsrf } from './transport.js';

const EVERY = 5 * 60_000;
const WARN = 2 * 60_000;
// Nobody who typed a moment ago: the next keys would fall into the dialog.
const PAUSE = 800;

/** Watches the session of `user` (`{id, name}`). Fires `back` when that person is signed in again, `other` (detail:
 *  who) when somebody else is, and `ending`/`extended` around the hard limit. */
export class Session extends EventTarget {
  #box = null;
  #limit = 0;
  #typed = -PAUSE;
  #pause = 0;
  #onkey = () => { this.#typed = performance.now(); };

  constructor(user) {
    super();
    this.user = user;
    this.channel = new BroadcastChannel('larder-session');
    this.channel.onmessage = ({ data }) => this.#takeOver(data, false);
    this.timer = setInterval(() => { if (!document.hidden) this.extend(); }, EVERY);
    door.addEventListener('session', ({ detail }) => this.#seen(detail));
    document.addEventListener('keydown', this.#onkey, true);
  }

  stop() {
    clearInterval(this.timer);
    clearTimeout(this.#limit);
    clearTimeout(this.#pause);
    document.removeEventListener('keydown', this.#onkey, true);
    this.channel.close();
  }

  /** Keeps the session going; opens the dialog when it is over. */
  async extend() {
    try {
      if (!(await renew())) this.ask();
    } catch {
      // No answer says nothing about the session; the save line tells of the connection.
    }
  }

  #seen({ expires_in: seconds, user }) {
    clearTimeout(this.#limit);
    if (user && String(user.id) !== String(this.user.id)) {
      this.dispatchEvent(new CustomEvent('other', { detail: user }));
      return;
    }
    if (!Number.isFinite(seconds)) return;
    this.dispatchEvent(new Event('extended'));
    // Timers of more than 24 days fire at once.
    const wait = Math.min(seconds * 1000 - WARN, 2 ** 31 - 1);
    this.#limit = setTimeout(() => this.dispatchEvent(new Event('ending')), Math.max(0, wait));
  }

  /** Opens the dialog, once, as soon as typing pauses. */
  ask() {
    if (this.#box) return;
    clearTimeout(this.#pause);
    const wait = this.#typed + PAUSE - performance.now();
    if (wait > 0) this.#pause = setTimeout(() => this.ask(), wait);
    else this.#open();
  }

  async #open() {
    const email = h('input', { class: 'in', type: 'email', name: 'email', autocomplete: 'username', required: true, id: 'again-email' });
    const password = h('input', { class: 'in', type: 'password', name: 'password', autocomplete: 'current-password', required: true, id: 'again-password' });
    const code = h('input', { class: 'in mono', type: 'text', name: 'code', autocomplete: 'one-time-code', maxlength: 40, id: 'again-code' });
    const second = h('div', { class: 'f', hidden: true }, h('label', { for: 'again-code' }, 'One-time code or recovery code'), code);
    const problem = h('p', { class: 'err', role: 'alert', hidden: true });
    const send = h('button', { type: 'submit', class: 'btn p' }, 'Sign in');
    const form = h('form', { method: 'post', action: '/admin/sign-in' },
      h('header', {}, h('h2', { id: 'again-title' }, 'Please sign in again')),
      h('div', { class: 'content' },
        h('p', {}, `Your text is safe on this page. Sign in as ${this.user.name} and go on where you were.`),
        h('div', { class: 'f' }, h('label', { for: 'again-email' }, 'Mail address'), email),
        h('div', { class: 'f' }, h('label', { for: 'again-password' }, 'Password'), password), second, problem),
      h('footer', {}, h('span', { class: 'r' }, h('button', { type: 'button', class: 'btn', onclick: () => box.close() }, 'Keep writing'), send)));
    const back = caret();
    const box = h('dialog', { class: 'dlg ed-signin', 'aria-labelledby': 'again-title' }, form);
    this.#box = box;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      problem.hidden = true;
      send.disabled = true;
      const { done, asks, sentence } = second.hidden
        ? await this.#send('/admin/sign-in', { email: email.value, password: password.value })
        : await this.#send('/admin/sign-in/code', { code: code.value });
      send.disabled = false;
      if (done) return this.#box?.close();
      // Whoever waited too long for the second step begins with the first.
      second.hidden = asks !== 'code' && asks !== 'wrong-code';
      problem.hidden = asks === 'code';
      problem.replaceChildren(icon('triangle-alert', 'sm'), sentence);
      return second.hidden ? password.select() : code.select();
    });
    document.body.append(box);
    box.showModal();
    email.focus();
    await closed(box);
    box.remove();
    this.#box = null;
    back();
    this.dispatchEvent(new Event('closed'));
  }

  /** One step of signing in: whether it is done, what is asked for (`code`, or again `wrong-code`), and what to say. */
  async #send(path, body) {
    try {
      const { status, body: said } = await ask('POST', path, { body });
      if (status === 200) {
        this.channel.postMessage(said);
        this.#takeOver(said, true);
        return { done: true };
      }
      const again = path.endsWith('/code') && said?.error !== 'signin' ? 'wrong-code' : undefined;
      const asks = said?.error === 'code' ? 'code' : again;
      return { asks, sentence: sentenceOf(said) ?? 'Mail address and password do not go together. Check both and try again.' };
    } catch {
      return { asks: path.endsWith('/code') ? 'wrong-code' : undefined, sentence: 'The server does not answer. Your text stays here; try again in a moment.' };
    }
  }

  #takeOver({ csrf: token, user }, here) {
    takeCsrf(token);
    const same = String(user.id) === String(this.user.id);
    clearTimeout(this.#pause);
    this.dispatchEvent(new CustomEvent(same ? 'back' : 'other', { detail: user }));
    if (same && !here) this.#box?.close();
  }
}
