// An HTML block as text the editor can edit.

import { FORMATS } from './allow.js';
import { parse } from './read.js';
import { clean } from './paste/clean.js';
import { bodyOf } from './tags.js';

/** The nodes left of some HTML when everything the editor does not know is taken off. Pictures keep their address. */
export function simplified(editor, html) {
  const { html: plain } = clean(html, { formats: new Set(FORMATS), picture: ({ url }) => (url ? null : undefined) });
  return parse(editor.schema, bodyOf(plain));
}
