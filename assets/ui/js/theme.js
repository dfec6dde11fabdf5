import { csrf } from './csrf.js';
import { toast } from './toast.js';

// The theme changes at once and is stored on the account; without scripts the same form reloads the page.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-theme-form]') || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter.value;
  const before = document.documentElement.dataset.theme;
  show(form, chosen);
  const body = new URLSearchParams({ theme: chosen, csrf: csrf() });
  const headers = { 'X-CSRF-Token': csrf(), 'HX-Request': 'true' };
  const answer = await fetch(form.action, { method: 'POST', body, headers }).catch(() => null);
  if (answer?.ok) return;
  show(form, before);
  toast({ kind: 'error', title: 'The theme could not be stored', detail: 'It is as it was before. Try again in a moment.' });
});

function show(form, theme) {
  document.documentElement.dataset.theme = theme;
  for (const choice of form.querySelectorAll('[name="theme"]')) choice.setAttribute('aria-checked', String(choice.value === theme));
}
