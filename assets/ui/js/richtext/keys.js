// Keys of the text itself (dashboard.md, section 7). Tab stays free for leaving wherever it can.

import { Extension } from '@tiptap/core';
import { Plugin, Selection } from '@tiptap/pm/state';
import { isInTable } from '@tiptap/pm/tables';
import { ACTIONS } from './actions.js';
import { nextCell, previousCell } from './table.js';

const FORMAT_KEYS = {
  'Mod-b': 'bold',
  'Mod-i': 'italic',
  'Mod-Shift-k': 'link',
  'Mod-Alt-1': 'paragraph',
  'Mod-Alt-2': 'h2',
  'Mod-Alt-3': 'h3',
  'Mod-Alt-4': 'h4',
  'Mod-Shift-7': 'numbers',
  'Mod-Shift-8': 'bullets',
};

/** The keys of one `<ld-richtext>`. */
export function keys(richtext) {
  let leaving = false;

  const tab = (direction) => ({ editor }) => {
    const { state, view } = editor;
    if (leaving) return false;
    const inItem = editor.isActive('listItem');
    if (inItem && direction > 0 && editor.commands.sinkListItem('listItem')) return true;
    if (inItem && direction < 0 && isNested(state) && editor.commands.liftListItem('listItem')) return true;
    if (isInTable(state)) return (direction > 0 ? nextCell : previousCell)(state, view.dispatch);
    return false;
  };

  return Extension.create({
    name: 'keys',
    priority: 1100,

    addKeyboardShortcuts() {
      const formats = Object.entries(FORMAT_KEYS)
        .filter(([, format]) => format === 'paragraph' || richtext.formats.has(format))
        .map(([key, format]) => [key, () => {
          ACTIONS[format].run(richtext);
          return true;
        }]);
      return {
        ...Object.fromEntries(formats),
        Tab: tab(1),
        'Shift-Tab': tab(-1),
        'Alt-F10': () => richtext.focusToolbar(),
        'Shift-Enter': ({ editor }) => editor.commands.first(({ commands }) => [
          () => editor.isActive('codeBlock') && commands.newlineInCode(),
          () => commands.insertContent({ type: 'hardBreak' }),
        ]),
        Enter: ({ editor }) => leaveFigure(editor) || leaveCode(editor) || editor.commands.splitListItem('listItem'),
        Backspace: ({ editor }) => plainFirstItem(editor),
        ArrowDown: ({ editor }) => belowLast(editor),
      };
    },

    addProseMirrorPlugins: () => [new Plugin({
      props: {
        handleDOMEvents: {
          keydown: (view, event) => {
            if (event.key !== 'Tab' && event.key !== 'Shift') leaving = event.key === 'Escape';
            // Publishing is the page's own key; the text must not take it for a line break.
            return event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          },
          blur: () => {
            leaving = false;
            return false;
          },
        },
      },
    })],
  });
}

function isNested({ selection: { $from } }) {
  let items = 0;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === 'listItem') items += 1;
  return items > 1;
}

/** Enter in a caption goes on below the picture. */
function leaveFigure(editor) {
  const { $from } = editor.state.selection;
  if ($from.parent.type.name !== 'figure') return false;
  return editor.chain().insertContentAt($from.after(), { type: 'paragraph' }).setTextSelection($from.after() + 1).scrollIntoView().run();
}

/** Enter on the second empty line at the end of a code block leaves it. */
function leaveCode(editor) {
  const { $from, empty } = editor.state.selection;
  const inCode = $from.parent.type.name === 'codeBlock';
  if (!inCode || !empty || $from.parentOffset !== $from.parent.content.size || !$from.parent.textContent.endsWith('\n\n')) return false;
  return editor.chain().command(({ tr }) => {
    tr.delete($from.pos - 2, $from.pos);
    return true;
  }).exitCode().run();
}

/** Backspace at the start of a list's first item, or of a quote or call-out, takes it out of there. */
function plainFirstItem(editor) {
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.parentOffset > 0 || $from.depth < 2) return false;
  const container = $from.node(-1).type.name;
  if ($from.index(-1) > 0) return false;
  if (container === 'listItem') return editor.commands.liftListItem('listItem');
  return ['blockquote', 'callout'].includes(container) && $from.parent.content.size === 0 && editor.commands.liftEmptyBlock();
}

/** Arrow down at the very end makes a paragraph when the last block is one the caret could not leave. */
function belowLast(editor) {
  const { doc, selection } = editor.state;
  const last = doc.lastChild;
  if (last.isTextblock && last.type.name !== 'codeBlock' && last.type.name !== 'figure') return false;
  const atEnd = selection.node === last || (selection.empty && selection.$from.pos >= Selection.atEnd(doc).from
    && editor.view.endOfTextblock('down'));
  if (!atEnd) return false;
  const end = doc.content.size;
  return editor.chain().insertContentAt(end, { type: 'paragraph' }).setTextSelection(end + 1).scrollIntoView().run();
}
