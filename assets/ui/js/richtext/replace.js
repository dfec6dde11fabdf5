import { sourceOf } from './sources.js';

/**
 * Makes `tr` give its document the blocks of `next`, touching only those that differ, so the caret elsewhere
 * stays. Places of pictures still on their way are kept; undo does not take this back.
 */
export function replaceContent(tr, next) {
  const { doc } = tr;
  const shorter = Math.min(doc.childCount, next.childCount);
  let start = 0;
  while (start < shorter && same(doc.child(start), next.child(start))) start += 1;
  let end = 0;
  while (end < shorter - start && same(doc.child(doc.childCount - 1 - end), next.child(next.childCount - 1 - end))) end += 1;

  const nodes = childrenOf(next).slice(start, next.childCount - end);
  const gone = childrenOf(doc).slice(start, doc.childCount - end);
  const waiting = gone.filter((node) => node.type.name === 'figure' && node.attrs.upload && !node.attrs.src);
  const from = sizeOf(childrenOf(doc).slice(0, start));
  return tr.replaceWith(from, from + sizeOf(gone), [...nodes, ...waiting]).setMeta('addToHistory', false);
}

function same(one, other) {
  return one.eq(other) && sourceOf(one) === sourceOf(other);
}

function childrenOf(node) {
  return Array.from({ length: node.childCount }, (_, index) => node.child(index));
}

function sizeOf(nodes) {
  return nodes.reduce((size, node) => size + node.nodeSize, 0);
}
