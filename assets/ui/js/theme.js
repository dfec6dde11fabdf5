import { post } from './post.js';

// The theme changes at once and is stored on the account; without scripts the same form reloads the page.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-theme-form]') || !event.submitter) return;
  event.preventDefault();
  const before = document.documentElement.dataset.theme;
  show(form, event.submitter.value);
  if (!await post(form.action, { theme: event.submitter.value })) show(form, before);
});

function show(form, theme) {
  document.documentElement.dataset.theme = theme;
  for (const choice of form.querySelectorAll('[name="theme"]')) choice.setAttribute('aria-checked', String(choice.value === theme));
}
