// Parts of the screen that are laid over it when there is little room: the navigation on phones, the outline and the
// details of an editing screen. `data-panel="id"` on a button or link opens and closes the part of that id. With
// `data-modal` on the part, the rest of the page cannot be reached meanwhile.

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-panel]');
  if (!button) return;
  event.preventDefault();
  const panel = document.getElementById(button.dataset.panel);
  if (!panel) return;
  if (panel.classList.contains('open')) close(panel);
  else open(panel, button);
});

// A link inside leads to what was looked for: the panel is done, and focus is the link's affair.
document.addEventListener('click', (event) => {
  const panel = event.target.closest('a[href]')?.closest('.open[data-opened-by]');
  if (panel) close(panel, false);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog:modal, [popover]:popover-open:not(ld-toast)')) return;
  const panel = document.querySelector('.open[data-opened-by]');
  if (panel) close(panel);
});

// A panel that is part of the page again, because the window grew, is not open any more.
addEventListener('resize', () => {
  for (const panel of document.querySelectorAll('.open[data-opened-by]')) {
    if (getComputedStyle(panel).position !== 'fixed') close(panel);
  }
});

function open(panel, button) {
  button.id ||= `opens-${panel.id}`;
  panel.dataset.openedBy = button.id;
  panel.classList.add('open');
  state(panel, true);
  panel.querySelector('a, button, input, select, textarea')?.focus();
}

function close(panel, back = true) {
  const button = document.getElementById(panel.dataset.openedBy ?? '');
  delete panel.dataset.openedBy;
  panel.classList.remove('open');
  if (location.hash === `#${panel.id}`) history.replaceState(history.state, '', location.pathname + location.search);
  state(panel, false);
  if (back) button?.focus();
}

function state(panel, shown) {
  for (const button of document.querySelectorAll(`[data-panel="${CSS.escape(panel.id)}"]`)) button.setAttribute('aria-expanded', String(shown));
  if (!('modal' in panel.dataset)) return;
  for (const rest of [document.querySelector('main'), document.querySelector('.tabbar')]) {
    if (rest) rest.inert = shown;
  }
}
