// What is said above the text: formats that an edit would lose, pastes that were cut.

import { icon } from '../icon.js';
import { make } from './dom.js';
import { WORDS, listed } from './words.js';

/** A line above the text with at most a few buttons. */
export class Notice {
  constructor() {
    this.dom = make('div', { class: 'rt-notice', role: 'status' });
    this.hide();
  }

  hide() {
    this.dom.hidden = true;
    this.dom.replaceChildren();
  }

  /** `actions` are `[label, run]`. */
  show(title, text, actions = []) {
    this.dom.replaceChildren(
      icon('info'),
      make('div', {}, title ? make('b', {}, title) : null, text ? make('p', {}, text) : null),
      make('div', { class: 'btns' }, ...actions.map(([label, onclick]) => make('button', { type: 'button', class: 'btn s', onclick }, label))),
    );
    this.dom.hidden = false;
  }

  /** Before the first edit: says what the editor would lose, and leaves the choice. */
  warn(losses, { simplify, editHtml, keep }) {
    this.show(WORDS.losesTitle, WORDS.loses(listed(losses)), [
      [WORDS.simplify, simplify], ...(editHtml ? [[WORDS.editHtml, editHtml]] : []), [WORDS.keep, keep],
    ]);
  }
}
