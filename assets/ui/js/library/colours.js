/** Gives pictures that are on their way their main colour, which the policy allows to scripts only. */
export function colours(root) {
  for (const part of root.querySelectorAll('[data-colour]')) {
    part.style.backgroundColor = part.dataset.colour;
    delete part.dataset.colour;
  }
}
