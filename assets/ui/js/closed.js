/**
 * Resolves when a modal dialog is closed, however that came about.
 *
 * By then the focus is back, and no key has been heard in between: the dialog's own `close` event comes only a task
 * later, and what somebody quick presses before it would go to a page that has not taken the answer in yet.
 */
export function closed(dialog) {
  return new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (dialog.open) return;
      observer.disconnect();
      resolve();
    }).observe(dialog, { attributeFilter: ['open'] });
  });
}
