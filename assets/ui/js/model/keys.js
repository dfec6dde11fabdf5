// Alt with an arrow moves the field whose row has the focus; the arrows alone go from row to row.

document.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  const row = event.target.closest?.('.fields tr[data-id]');
  if (!row) return;
  const up = event.key === 'ArrowUp';
  if (event.altKey) {
    const button = row.querySelector(`button[data-do="${up ? 'field-up' : 'field-down'}"]`);
    if (button?.getAttribute('aria-disabled') !== 'true') button?.click();
  } else if (event.target.matches('[data-row-link]')) {
    (up ? row.previousElementSibling : row.nextElementSibling)?.querySelector('[data-row-link]')?.focus();
  } else {
    return;
  }
  event.preventDefault();
});

// A button that cannot do anything here says so and stays reachable.
document.addEventListener('click', (event) => {
  if (event.target.closest?.('.fields button[aria-disabled="true"]')) event.preventDefault();
});
