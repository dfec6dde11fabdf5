// Dialogs of the editor. They stand at the end of the page, outside the form they serve.

import { make, newId } from './dom.js';
import { WORDS } from './words.js';

/**
 * Shows a dialog and waits until it is closed. Resolves to what `answer` returns for the filled button, or null
 * when it was left otherwise; by then focus is back where it was. `answer` returns undefined to keep it open.
 */
export function ask({ title, content, action, answer, wide = false }) {
  const heading = make('h2', { id: newId('rt-dialog') }, title);
  const form = make('form', { method: 'dialog', novalidate: true },
    heading,
    make('div', { class: 'rt-dialog-body' }, ...content),
    make('footer', {},
      make('button', { type: 'button', class: 'btn', onclick: () => dialog.close() }, WORDS.cancel),
      make('button', { type: 'submit', class: 'btn p' }, action)));
  const dialog = make('dialog', { class: `rt-dialog${wide ? ' is-wide' : ''}`, 'aria-labelledby': heading.id }, form);
  let result = null;
  form.addEventListener('submit', (event) => {
    const given = answer();
    if (given === undefined) event.preventDefault();
    else result = given;
  });
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
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
      note.className = 'hint bad';
      control.setAttribute('aria-invalid', 'true');
      control.focus();
    },
  };
}

/** A tick with its label. */
export function tick(label, checked) {
  const control = make('input', { type: 'checkbox', class: 'cb', id: newId('rt-tick') });
  control.checked = checked;
  return { control, element: make('div', { class: 'rt-tick' }, control, make('label', { for: control.id }, label)) };
}
