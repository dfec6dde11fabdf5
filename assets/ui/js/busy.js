// A button that was pressed keeps its width and label, shows that it works, and ignores a second press.

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method === 'dialog') return;
  if (button.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  // Only after the browser has read the form: a disabled button would not be sent with it.
  setTimeout(() => { if (!event.defaultPrevented) button.setAttribute('aria-busy', 'true'); });
});

document.addEventListener('htmx:afterRequest', ({ detail }) => {
  const source = detail.elt;
  const buttons = [source, ...source.querySelectorAll?.('[aria-busy="true"]') ?? []];
  for (const button of buttons) button.removeAttribute('aria-busy');
});

document.addEventListener('htmx:beforeSend', ({ detail }) => {
  if (detail.elt instanceof HTMLButtonElement) detail.elt.setAttribute('aria-busy', 'true');
});

// Coming back from the browser's own cache of pages.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('.btn[aria-busy="true"]')) button.removeAttribute('aria-busy');
});
