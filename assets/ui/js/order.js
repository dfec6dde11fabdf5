import { announce } from './announce.js';
import { csrf } from './csrf.js';
import { toast } from './toast.js';

// Rows of `<table data-order="address">` are moved by their `[data-handle]`. The order is told to the server when a row
// is let go: which row, and behind which. Without this, the buttons of each row move it.

let drag = null;

document.addEventListener('pointerdown', (event) => {
  const row = event.button === 0 && event.target.closest?.('[data-order] [data-handle]')?.closest('tr');
  if (!row) return;
  event.preventDefault();
  drag = { row, before: row.previousElementSibling, table: row.closest('[data-order]') };
  row.classList.add('drag');
  row.setPointerCapture(event.pointerId);
});

document.addEventListener('pointermove', (event) => {
  if (!drag) return;
  const rows = [...drag.row.parentElement.rows];
  const at = rows.indexOf(drag.row);
  const over = rows.findIndex((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return event.clientY >= top && event.clientY < bottom;
  });
  if (over < 0 || over === at) return;
  // Only past the middle of a taller row, or the two would change places forever.
  const { top, height } = rows[over].getBoundingClientRect();
  if (over > at && event.clientY > top + height / 2) rows[over].after(drag.row);
  if (over < at && event.clientY < top + height / 2) rows[over].before(drag.row);
});

document.addEventListener('pointerup', () => {
  const done = drag;
  letGo();
  if (done && done.row.previousElementSibling !== done.before) tell(done);
});

document.addEventListener('pointercancel', () => {
  if (drag) putBack(drag);
  letGo();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !drag) return;
  putBack(drag);
  letGo();
});

function letGo() {
  drag?.row.classList.remove('drag');
  drag = null;
}

function putBack({ row, before }) {
  if (before) before.after(row);
  else row.parentElement.prepend(row);
}

async function tell(move) {
  const { row, table } = move;
  const before = row.previousElementSibling?.dataset.id ?? first(table);
  const body = new URLSearchParams({ id: row.dataset.id, after: before });
  try {
    const answer = await fetch(table.dataset.order, { method: 'POST', headers: { 'X-CSRF-Token': csrf() }, body });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message);
    announce('Moved');
  } catch (error) {
    putBack(move);
    toast({ kind: 'error', title: 'The order was not changed', detail: error.message || 'The server could not be reached.', seconds: 20 });
  }
}

/** What stands before the first row of this page: nothing on the first one. */
function first(table) {
  return table.dataset.before ?? '';
}
