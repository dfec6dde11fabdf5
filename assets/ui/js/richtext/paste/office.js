// The part of cleaning that has to happen to the text, before any document is built from it.

import { DEEPEST, VOID, tags } from '../tags.js';

/** Tags looked at: what nests deeper or cuts finer than this is no text a person wrote. */
const TAG_LIMIT = 60_000;

// Often left open by those who write HTML by hand.
const OPTIONAL = new Set('p li td th tr tbody thead dt dd option'.split(' '));

const DROPPED = new Set(['style', 'script', 'title', 'xml']);

/**
 * Removes styles, scripts, comments and Office conditionals, and takes pictures that stand in the text itself
 * (`data:` addresses) out of it: `src="pasted:0"` then means the first of `inlined`. `cut` tells that there were
 * more tags than are looked at, and that the rest was left out.
 */
export function withoutOffice(html) {
  const inlined = [];
  let out = '';
  let done = 0;
  let dropping = null;
  let count = 0;
  let depth = 0;
  for (const tag of tags(html)) {
    if (tag.kind === 'open') count += 1;
    if (tag.kind !== 'comment' && !VOID.has(tag.name) && !OPTIONAL.has(tag.name)) depth += tag.kind === 'open' ? 1 : -1;
    if (count > TAG_LIMIT || depth > DEEPEST) return { html: dropping ? out : out + html.slice(done, tag.from), inlined, cut: true };
    if (dropping) {
      if (tag.kind !== 'close' || tag.name !== dropping) continue;
      dropping = null;
      done = tag.to;
    } else if (tag.kind === 'comment') {
      out += html.slice(done, tag.from);
      done = tag.to;
    } else if (tag.kind === 'open' && DROPPED.has(tag.name)) {
      out += html.slice(done, tag.from);
      dropping = tag.name;
    } else if (tag.name === 'img') {
      const source = tag.attributes?.find(({ name, value }) => name === 'src' && /^["']?\s*data:/i.test(value ?? ''));
      if (!source) continue;
      inlined.push(source.value.replace(/^["']|["']$/g, '').trim());
      const value = html.indexOf(source.value, source.from);
      out += `${html.slice(done, value)}"pasted:${inlined.length - 1}"`;
      done = value + source.value.length;
    }
  }
  return { html: dropping ? out : out + html.slice(done), inlined, cut: false };
}
