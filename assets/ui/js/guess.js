// `data-guess="zone|language"` on a list: the browser knows better than the server which time zone and language are
// likely. A choice that was made already stays.

const guesses = {
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  language: navigator.language?.split('-')[0],
};

for (const list of document.querySelectorAll('select[data-guess]')) {
  const guess = guesses[list.dataset.guess];
  const chosen = list.form?.querySelector('[aria-invalid="true"]');
  if (!chosen && [...list.options].some((option) => option.value === guess)) list.value = guess;
}
