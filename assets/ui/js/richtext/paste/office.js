// The part of cleaning that has to happen to the text, before any document is built from it.

import { tags } from '../tags.js';

const DROPPED = new Set(['style', 'script', 'title', 'xml']);

/**
 * Removes styles, scripts, comments and Office conditionals, and takes pictures that stand in the text itself
 * (`data:` addresses) out of it: `src="pasted:0"` then means the first of `inlined`.
 */
export function withoutOffice(html) {
  const inlined = [];
  let out = '';
  let done = 0;
  let dropping = null;
  for (const tag of tags(html)) {
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
  return { html: dropping ? out : out + html.slice(done), inlined };
}
