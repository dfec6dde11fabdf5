/** An attribute kept as the text it is: Tiptap's own reading turns "1.50" into a number. */
export function kept(name) {
  return {
    default: null,
    parseHTML: (element) => element.getAttribute(name),
    renderHTML: (attributes) => ({ [name]: attributes[name] }),
  };
}
