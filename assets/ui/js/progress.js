// A line at the top edge for requests that take longer than 300 ms. What is on the screen stays meanwhile.

const PATIENCE = 300;
const open = new Map();

document.addEventListener('htmx:beforeSend', ({ detail }) => {
  open.set(detail.xhr, setTimeout(() => line(true), PATIENCE));
});

document.addEventListener('htmx:afterRequest', ({ detail }) => {
  clearTimeout(open.get(detail.xhr));
  open.delete(detail.xhr);
  if (open.size === 0) line(false);
});

function line(shown) {
  const there = document.querySelector('.progress-line');
  if (shown && !there) {
    const made = document.createElement('div');
    made.className = 'progress-line';
    document.body.append(made);
  } else if (!shown) {
    there?.remove();
  }
}
