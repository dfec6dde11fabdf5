// A button that was pressed keeps its width and label, shows that it works, and ignores a second press. A form that gives
// a file to keep says `data-download`: the page stays and nothing would tell when it is done.

const BUSY = 'aria-busy';

// Before anyone else hears of the submit, htmx too.
document.addEventListener('submit', (event) => {
  const { submitter: button, target: form } = event;
  if (!button || form.method === 'dialog' || 'download' in form.dataset) return;
  if (button.getAttribute(BUSY) === 'true') {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // Afterwards it is known whether the browser sends the form, or a script took it.
  setTimeout(() => { if (!event.defaultPrevented) button.setAttribute(BUSY, 'true'); });
}, true);

document.addEventListener('htmx:beforeSend', ({ detail }) => {
  pressed(detail)?.setAttribute(BUSY, 'true');
});

document.addEventListener('htmx:afterRequest', ({ detail }) => {
  pressed(detail)?.removeAttribute(BUSY);
});

// Coming back from the browser's own cache of pages.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  for (const button of document.querySelectorAll(`.btn[${BUSY}="true"]`)) button.removeAttribute(BUSY);
});

function pressed({ elt, requestConfig }) {
  return elt instanceof HTMLButtonElement ? elt : requestConfig?.triggeringEvent?.submitter;
}
