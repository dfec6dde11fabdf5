/**
 * Gives pictures that are on their way their main colour, which the policy allows to scripts only. Where the server can
 * make no smaller picture of one, the whole of it is shown.
 */
export function pictures(root) {
  for (const part of root.querySelectorAll('[data-colour]')) {
    part.style.backgroundColor = part.dataset.colour;
    delete part.dataset.colour;
  }
  for (const img of root.querySelectorAll('img[src^="/media/"]')) {
    if (img.complete && img.naturalWidth === 0) whole(img);
    else img.addEventListener('error', () => whole(img), { once: true });
  }
}

function whole(img) {
  const address = `/media/${img.getAttribute('src').split('/').pop()}`;
  if (img.getAttribute('src') !== address) img.src = address;
}
