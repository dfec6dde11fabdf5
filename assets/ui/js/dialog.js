// `data-dialog-open="id"` opens the dialog of that id, `data-dialog-close` closes the one it is in.
// Focus, Escape and the return of focus are those of the native modal dialog.

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog-open]');
  if (opener) {
    event.preventDefault();
    openDialog(opener.dataset.dialogOpen);
    return;
  }
  const closer = event.target.closest('[data-dialog-close]');
  if (closer) {
    event.preventDefault();
    closer.closest('dialog')?.close(closer.value);
  }
});

/** Opens a dialog as a modal one; does nothing if it is open or does not exist. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
