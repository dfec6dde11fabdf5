import { TextSelection } from '@tiptap/pm/state';

/**
 * Puts a node between the outermost blocks: in place of the empty paragraph the caret is in, else after the
 * block it is in. The caret goes into it, or below it where nothing can be typed in it. Always true.
 */
export function insertOutermost(tr, node) {
  const { $from } = tr.selection;
  const block = $from.depth ? $from.node(1) : $from.nodeAfter;
  const replace = $from.depth === 1 && block.type.name === 'paragraph' && block.content.size === 0;
  const at = $from.depth === 0 ? $from.pos + (block?.nodeSize ?? 0) : replace ? $from.before(1) : $from.after(1);
  tr.replaceWith(at, replace ? at + block.nodeSize : at, node);
  const end = at + node.nodeSize;
  if (end === tr.doc.content.size) tr.insert(end, tr.doc.type.schema.nodes.paragraph.create());
  tr.setSelection(node.isAtom ? TextSelection.near(tr.doc.resolve(end), 1) : TextSelection.near(tr.doc.resolve(at), 1));
  tr.scrollIntoView();
  return true;
}

