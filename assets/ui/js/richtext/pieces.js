// Cuts stored HTML into its outermost blocks, so that each can keep its own source.

import { INLINE } from './allow.js';
import { DEEPEST, VOID, bodyOf, tags } from './tags.js';

/** Blocks an open tag is followed through; one that reaches further takes the rest with it. */
const REACH = 20;

/**
 * The outermost blocks of some HTML, each `{ source, body }`; the sources joined are the HTML again. White space
 * and comments between blocks belong to the block before them, at the start to the first.
 *
 * Where HTML nests too deep to be parsed, there is one piece with null for a body.
 * Where a tag left open in one block reaches into the next, the two are one piece.
 */
export function pieces(html) {
  const sources = cut(html);
  if (!sources) return [{ source: html, body: null }];
  const whole = bodyOf(html);
  const parsed = (sources) => sources.map((source) => ({ source, body: bodyOf(source) }));
  const same = (found) => found.map(({ body }) => body.innerHTML).join('') === whole.innerHTML;
  const found = parsed(sources);
  if (same(found)) return found;
  const joined = parsed(joinLeaking(found));
  return same(joined) ? joined : [{ source: html, body: whole }];
}

function joinLeaking(found) {
  const sources = [];
  let held = '';
  let count = 0;
  for (const [index, { source }] of found.entries()) {
    held += source;
    count += 1;
    if (count > REACH) return [...sources, held + found.slice(index + 1).map((piece) => piece.source).join('')];
    // What a piece leaves open swallows or changes what comes after it.
    if (bodyOf(`${held}<hr>x`).innerHTML !== `${bodyOf(held).innerHTML}<hr>x`) continue;
    sources.push(held);
    held = '';
    count = 0;
  }
  return held ? [...sources, held] : sources;
}

function cut(html) {
  const cuts = [];
  const open = [];
  let from = 0;
  const end = (at) => {
    const source = html.slice(from, at);
    if (cuts.length && isGap(source)) cuts[cuts.length - 1] += source;
    else if (source) cuts.push(source);
    from = at;
  };
  for (const { kind, name, from: start, to } of tags(html)) {
    const block = kind === 'open' && !INLINE.has(name);
    if (kind === 'open') {
      // What stands before a block is text of its own, or a gap.
      if (block && !open.length && (cuts.length || !isGap(html.slice(from, start)))) end(start);
      if (open.length > DEEPEST) return null;
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
