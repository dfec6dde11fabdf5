// The stored source of each outermost block, kept until the block is changed.
//
// ProseMirror never changes a node in place: a block nobody touched is the same object after any number of
// edits elsewhere. So its source can be looked up by identity, and untouched blocks are printed byte for byte.

const sources = new WeakMap();

export function keepSource(node, source) {
  sources.set(node, source);
}

/** The HTML a block was read from, or undefined when it was written or changed here. */
export function sourceOf(node) {
  return sources.get(node);
}
