/** Says something to assistive software only: saves, counts and moves politely, lost connection and conflicts at once. */
export function announce(text, how = 'polite') {
  const region = document.getElementById(how === 'assertive' ? 'say-now' : 'say');
  if (!region) return;
  // Emptied first, so that the same words said twice are heard twice.
  region.textContent = '';
  setTimeout(() => { region.textContent = text; }, 50);
}
