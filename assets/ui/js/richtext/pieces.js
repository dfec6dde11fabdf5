// Cuts stored HTML into its outermost blocks, so that each can keep its own source.

import { INLINE } from './allow.js';
import { VOID, bodyOf, tags } from './tags.js';

/**
 * The outermost blocks of some HTML, each `{ source, body }`; the sources joined are the HTML again. White space
 * and comments between blocks belong to the block after them, at the end to the last.
 *
 * Where cutting would change what a browser reads (tags closed in the wrong order), there is one piece: all of it.
 */
export function pieces(html) {
  const sources = withoutGaps(cut(html));
  if (sources.length < 2) return [{ source: html, body: bodyOf(html) }];
  const found = sources.map((source) => ({ source, body: bodyOf(source) }));
  const whole = bodyOf(html);
  const same = found.map(({ body }) => body.innerHTML).join('') === whole.innerHTML;
  return same ? found : [{ source: html, body: whole }];
}

function cut(html) {
  const cuts = [];
  const open = [];
  let from = 0;
  const end = (at) => {
    if (at > from) cuts.push(html.slice(from, at));
    from = at;
  };
  for (const { kind, name, from: start, to } of tags(html)) {
    const block = kind === 'open' && !INLINE.has(name);
    if (kind === 'open') {
      // Leading gaps stay with the block: only a run of text before it is a piece of its own.
      if (block && !open.length && !isGap(html.slice(from, start))) end(start);
      if (!VOID.has(name)) open.push(name);
      else if (block && !open.length) end(to);
    } else if (kind === 'close' && open.includes(name)) {
      const outermost = open[0];
      open.length = open.lastIndexOf(name);
      if (!open.length && !INLINE.has(outermost)) end(to);
    }
  }
  end(html.length);
  return cuts;
}

/** Joins a last piece that holds nothing to the one before it. */
function withoutGaps(sources) {
  const last = sources.at(-1);
  if (sources.length > 1 && isGap(last)) return [...sources.slice(0, -2), sources.at(-2) + last];
  return sources;
}

function isGap(html) {
  let text = '';
  let done = 0;
  for (const { kind, from, to } of tags(html)) {
    if (kind !== 'comment') return false;
    text += html.slice(done, from);
    done = to;
  }
  return !/[^ \t\r\n\f]/.test(text + html.slice(done));
}
