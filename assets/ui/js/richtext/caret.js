// Where the caret is when a key is pressed.

import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';

/**
 * Has the editor look where the caret is before it acts on a key.
 *
 * A browser moves the caret at once but tells of it in a task of its own. On a busy machine the next key is quicker:
 * Arrow Down after Control End went on from the cell that the caret had left.
 */
export const caret = Extension.create({
  name: 'caret',
  // Before everything that hears keys.
  priority: 1300,
  addProseMirrorPlugins: () => [new Plugin({
    props: {
      handleDOMEvents: {
        keydown: (view, event) => {
          // While text is composed the caret is the input method's.
          if (!view.composing && !event.isComposing) document.dispatchEvent(new Event('selectionchange'));
          return false;
        },
      },
    },
  })],
});
