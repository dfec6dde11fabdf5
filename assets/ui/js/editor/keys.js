// The keys of editing screens (dashboard §7).

import { announce } from './dom.js';

/** Listens while the editor is on the page. */
export function keys({ editor, queue, actions, history, scope }) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    // A sheet over the page has an editor of its own.
    const modal = document.querySelector('dialog:modal');
    if (modal && !modal.contains(editor)) {
      if (event.key.toLowerCase() === 's') event.preventDefault();
      return;
    }
    const name = `${event.shiftKey ? 'shift ' : ''}${event.key.toLowerCase()}`;
    const does = {
      s: () => queue.flush('saved').then((all) => announce(all ? 'Saved' : 'Not saved yet, kept on this device')),
      enter: () => actions.runOffered(),
      'shift p': () => scope.querySelector('[data-action="preview"]')?.click(),
      '.': () => focusMode(scope),
      z: () => !writes(event.target) && step(history.undo(), 'Undone'),
      'shift z': () => !writes(event.target) && step(history.redo(), 'Done again'),
      y: () => !writes(event.target) && step(history.redo(), 'Done again'),
    }[name];
    if (!does) return;
    if (does() === false) return;
    event.preventDefault();
  }, { signal: editor.signal });
}

function step(label, verb) {
  announce(label ? `${verb}: ${label}` : `Nothing to ${verb === 'Undone' ? 'undo' : 'redo'}`);
}

function focusMode(scope) {
  const on = (scope.closest('.ed') ?? scope).classList.toggle('focused');
  announce(on ? 'Focus mode on' : 'Focus mode off');
}

/** Text has its own history. */
function writes(target) {
  return target.isContentEditable || target.matches?.('textarea, input:not([type=checkbox], [type=radio], [type=button], [type=file], [type=date], [type=time], [type=datetime-local], [type=color])');
}
