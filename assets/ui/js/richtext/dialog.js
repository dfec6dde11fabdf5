// Dialogs of the editor. They stand at the end of the page, outside the form they serve.

import { closed } from '../closed.js';
import { icon } from '../icon.js';
import { make, newId } from './dom.js';
import { WORDS } from './words.js';

/**
 * Shows a dialog and waits until it is closed. Resolves to what `answer` returns for the filled button, or null
 * when it was left otherwise; by then focus is back where it was. `answer` returns undefined to keep it open.
 */
export async function ask({ title, content, action, answer, wide = false }) {
  const heading = make('h2', { id: newId('rt-dialog') }, title);
  const form = make('form', { method: 'dialog', novalidate: true },
    make('header', {}, heading, make('button', { type: 'button', class: 'btn g sq', 'aria-label': WORDS.close, onclick: () => dialog.close() }, icon('x'))),
    make('div', { class: 'content' }, ...content),
    make('footer', {}, make('span', { class: 'r' },
      make('button', { type: 'button', class: 'btn', onclick: () => dialog.close() }, WORDS.cancel),
      make('button', { type: 'submit', class: 'btn p' }, action))));
  const dialog = make('dialog', { class: wide ? 'dlg wide' : 'dlg', 'aria-labelledby': heading.id }, form);
  let result = null;
  form.addEventListener('submit', (event) => {
    const given = answer();
    if (given === undefined) event.preventDefault();
    else result = given;
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector('.content :is(input, textarea)')?.focus();
  await closed(dialog);
  dialog.remove();
  return result;
}

/** A labelled control with room for a hint and an error. */
export function field(label, control, hint = '') {
  control.id = newId('rt-field');
  const note = make('p', { class: 'hint', id: `${control.id}-hint` }, hint);
  control.setAttribute('aria-describedby', note.id);
  const element = make('div', { class: 'f' }, make('label', { for: control.id }, label), control, note);
  return {
    element,
    /** Shows why the value cannot be used, and goes there. */
    refuse(reason) {
      note.textContent = reason;
      note.className = 'err';
      control.setAttribute('aria-invalid', 'true');
      control.focus();
    },
  };
}

/** A tick with its label. */
export function tick(label, checked) {
  const control = make('input', { type: 'checkbox' });
  control.checked = checked;
  return { control, element: make('label', { class: 'opt' }, control, label) };
}
