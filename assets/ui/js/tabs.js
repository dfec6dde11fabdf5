// Tabs after the ARIA pattern: `[role=tablist]` with `[role=tab][aria-controls]`. With `data-param` on the list the open
// tab is kept in the address under that name, as the tab's `data-value`.

document.addEventListener('click', (event) => {
  const tab = event.target.closest('[role="tab"][aria-controls]');
  if (!tab) return;
  event.preventDefault();
  choose(tab);
});

document.addEventListener('keydown', (event) => {
  const tab = event.target.closest?.('[role="tab"][aria-controls]');
  if (!tab) return;
  const all = tabsOf(tab);
  const at = all.indexOf(tab);
  const forward = getComputedStyle(tab).direction === 'rtl' ? -1 : 1;
  const steps = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: all.length - 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  choose(all.at(steps[event.key] % all.length));
});

/** Shows the panel of a tab and hides those of its neighbours. */
export function choose(tab) {
  for (const other of tabsOf(tab)) {
    const chosen = other === tab;
    other.setAttribute('aria-selected', String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute('aria-controls'));
    if (panel) panel.hidden = !chosen;
  }
  tab.focus();
  const list = tab.closest('[role="tablist"]');
  if (list.dataset.param && tab.dataset.value) {
    const address = new URL(location.href);
    address.searchParams.set(list.dataset.param, tab.dataset.value);
    history.replaceState(history.state, '', address);
  }
}

function tabsOf(tab) {
  return [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"][aria-controls]')];
}
