// What a field shows of a file on its way: the row with name, progress and Cancel, or why it failed.

import { h, icon } from './dom.js';
import { Pace, bytes } from '../upload.js';

/** The place for one upload in a field; hidden while there is none. */
export class UploadRow {
  constructor() {
    this.dom = h('div', { class: 'up ed-up', hidden: true });
  }

  /** Shows a file on its way; returns what takes its progress. */
  run({ name, size, cancel }) {
    const pace = new Pace();
    const bar = h('i');
    const meter = h('div', { class: 'meter', role: 'progressbar', 'aria-label': `Upload of ${name}`, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': '0' }, bar);
    const said = h('span', { class: 'num' }, size ? bytes(size) : '');
    this.#show(h('div', {}, h('b', {}, h('span', { class: 'ed-name' }, name), said), meter),
      h('button', { type: 'button', class: 'btn s g sq', 'aria-label': `Cancel upload of ${name}`, onclick: cancel }, icon('x')));
    return (progress) => {
      const percent = progress.total ? Math.round((progress.loaded / progress.total) * 100) : 0;
      bar.style.width = `${percent}%`;
      meter.setAttribute('aria-valuenow', String(percent));
      said.textContent = pace.say(progress);
      meter.setAttribute('aria-valuetext', said.textContent);
    };
  }

  /** Shows why it failed, with what can be done. */
  fail({ name, reason, again, choose, dismiss }) {
    this.#show(h('span', { class: 'ph0' }, icon('triangle-alert')), h('div', { role: 'alert' }, h('b', {}, name), h('small', { class: 'e' }, reason)),
      again ? h('button', { type: 'button', class: 'btn s', onclick: again }, 'Try again') : h('button', { type: 'button', class: 'btn s', onclick: choose }, 'Choose another'),
      h('button', { type: 'button', class: 'btn s g sq', 'aria-label': 'Dismiss', onclick: dismiss }, icon('x')));
  }

  /** Asks whether what the library has already is to be used. */
  ask({ facts, use, choose }) {
    const button = h('button', { type: 'button', class: 'btn s', onclick: use }, 'Use that one');
    this.#show(h('span', { class: 'ph0' }, icon('images')), h('div', { role: 'status' }, h('b', {}, facts.name), h('small', {}, 'Already in the library. Use that one?')),
      button, h('button', { type: 'button', class: 'btn s g', onclick: choose }, 'Choose another'));
    return button;
  }

  hide() {
    this.#show();
  }

  #show(...children) {
    this.dom.hidden = children.length === 0;
    this.dom.replaceChildren(...children.filter(Boolean));
  }
}
