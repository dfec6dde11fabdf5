// `data-meter="id"` on a password input shows in that element how hard it is to guess; the server decides.
// `data-reveal="id"` on a button shows and hides what was typed.

const SHORTEST = 12;

document.addEventListener('input', (event) => {
  const input = event.target;
  const box = document.getElementById(input.dataset?.meter ?? '');
  if (!box) return;
  const { share, look, words } = judge(input.value);
  const meter = box.querySelector('.meter');
  meter.className = `meter ${look}`;
  meter.firstElementChild.style.width = `${share}%`;
  box.querySelector('[data-words]').textContent = words;
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-reveal]');
  const input = document.getElementById(button?.dataset.reveal ?? '');
  if (!input) return;
  const shown = input.type === 'password';
  input.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shown));
});

function judge(password) {
  if (!password) return { share: 0, look: '', words: `At least ${SHORTEST} characters. A few words in a row are fine.` };
  const missing = SHORTEST - [...password].length;
  if (missing > 0) return { share: Math.min(40, [...password].length * 3), look: 'weak', words: `${missing} more ${missing === 1 ? 'character' : 'characters'}` };
  // Repeated signs and runs such as "abcd" or "1234" count once.
  const signs = [...password].filter((sign, at, all) => at === 0 || Math.abs(sign.codePointAt(0) - all[at - 1].codePointAt(0)) > 1);
  const different = new Set(signs).size;
  if (different < 6) return { share: 45, look: 'weak', words: 'Easy to guess: too few different characters' };
  if (signs.length < 14) return { share: 70, look: 'fair', words: 'Good. Longer is better' };
  return { share: 100, look: '', words: 'Hard to guess' };
}
