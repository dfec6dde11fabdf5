// What a button, a menu entry, a key or the slash menu can do to the text, by format name.

import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable } from '@tiptap/pm/tables';
import { insertOutermost } from './insert.js';
import { hasHeader, newTable, toggleHeader, withScopes } from './table.js';

const heading = (level) => ({
  icon: `heading-${level}`,
  block: true,
  run: (richtext) => richtext.act().toggleNode('heading', 'paragraph', { level }).run(),
  isOn: (editor) => editor.isActive('heading', { level }),
});

const mark = (name, icon) => ({
  icon,
  run: (richtext) => richtext.act().toggleMark(name).run(),
  isOn: (editor) => editor.isActive(name),
});

const list = (name, icon) => ({
  icon,
  block: true,
  run: (richtext) => richtext.act().toggleList(name, 'listItem').run(),
  isOn: (editor) => editor.isActive(name),
});

const wrap = (name, icon) => ({
  icon,
  block: true,
  run: (richtext) => richtext.act().toggleWrap(name).run(),
  isOn: (editor) => editor.isActive(name),
});

/** Actions by format; `run` gets the `<ld-richtext>`, `isOn` its editor. */
export const ACTIONS = {
  paragraph: {
    icon: 'pilcrow',
    run: (richtext) => richtext.act().setNode('paragraph').run(),
    isOn: (editor) => editor.isActive('paragraph'),
  },
  h2: heading(2),
  h3: heading(3),
  h4: heading(4),
  bold: mark('bold', 'bold'),
  italic: mark('italic', 'italic'),
  strike: mark('strike', 'strikethrough'),
  code: mark('code', 'code'),
  link: { icon: 'link', run: (richtext) => richtext.askForLink(), isOn: (editor) => editor.isActive('link') },
  bullets: list('bulletList', 'list'),
  numbers: list('orderedList', 'list-ordered'),
  quote: wrap('blockquote', 'quote'),
  codeblock: {
    icon: 'square-code',
    block: true,
    run: (richtext) => richtext.act().toggleNode('codeBlock', 'paragraph').run(),
    isOn: (editor) => editor.isActive('codeBlock'),
  },
  image: { icon: 'image-plus', block: true, run: (richtext) => richtext.askForPicture(), isOn: (editor) => editor.isActive('figure') || editor.isActive('image') },
  table: {
    icon: 'table',
    block: true,
    run: (richtext) => richtext.act().command(({ tr, state }) => insertOutermost(tr, newTable(state.schema, 3, 3))).run(),
    isOn: (editor) => editor.isActive('table'),
  },
  embed: { icon: 'video', block: true, run: (richtext) => richtext.askForEmbed() },
  callout: wrap('callout', 'message-square-text'),
  rule: {
    icon: 'minus',
    block: true,
    run: (richtext) => richtext.act().insertContent([{ type: 'horizontalRule' }, { type: 'paragraph' }]).run(),
  },
  undo: { icon: 'undo-2', key: 'Ctrl Z', run: (richtext) => richtext.act().undo().run(), can: (editor) => editor.can().undo() },
  redo: { icon: 'redo-2', key: 'Ctrl Shift Z', run: (richtext) => richtext.act().redo().run(), can: (editor) => editor.can().redo() },
};

const onTable = (command) => ({ editor }) => {
  command(editor.state, (tr) => editor.view.dispatch(withScopes(tr)));
  editor.view.focus();
};

/** What the table bar does. */
export const TABLE_ACTIONS = {
  rowBefore: { icon: 'between-horizontal-start', run: onTable(addRowBefore) },
  rowAfter: { icon: 'between-horizontal-end', run: onTable(addRowAfter) },
  rowRemove: { icon: 'table-rows-split', run: onTable(deleteRow) },
  columnBefore: { icon: 'between-vertical-start', run: onTable(addColumnBefore) },
  columnAfter: { icon: 'between-vertical-end', run: onTable(addColumnAfter) },
  columnRemove: { icon: 'table-columns-split', run: onTable(deleteColumn) },
  headerRow: { text: true, run: onTable(toggleHeader('row')), isOn: (editor) => isInTable(editor.state) && hasHeader(editor.state, 'row') },
  headerColumn: { text: true, run: onTable(toggleHeader('column')), isOn: (editor) => isInTable(editor.state) && hasHeader(editor.state, 'column') },
  tableRemove: { icon: 'trash-2', run: onTable(deleteTable) },
};
