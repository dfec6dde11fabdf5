// Reads tags out of HTML text without building a document: in linear time, whatever the text.

export const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const RAW = new Set('iframe noembed noframes script style textarea title xmp'.split(' '));

// An unclosed quote runs to the end of the text, as it does for a browser; that also keeps this linear.
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*|=[^\s/>=]*)(?:\s*=\s*("[^"]*(?:"|$)|'[^']*(?:'|$)|[^\s>]*))?/y;
const NAME = /[a-z][^\s/>]*/iy;

/**
 * Yields `{ kind, name, from, to }` for each open tag, close tag and comment (conditionals, doctypes and
 * processing instructions count as comments). The content of scripts and their like is not looked into.
 * Open tags also carry `attributes`, each `{ name, value, from }`.
 */
export function* tags(html) {
  let at = html.indexOf('<');
  while (at >= 0) {
    const tag = tagAt(html, at);
    if (tag) yield tag;
    let next = tag ? tag.to : at + 1;
    if (tag?.kind === 'open' && RAW.has(tag.name)) next = closing(html, tag.name, next);
    at = html.indexOf('<', next);
  }
}

/**
 * The same HTML with every `style` attribute renamed to `data-st`. A document parsed from it holds no style
 * the policy would refuse and report.
 */
export function inert(html) {
  if (!/style/i.test(html)) return html;
  let out = '';
  let done = 0;
  for (const tag of tags(html)) {
    for (const { name, from } of tag.attributes ?? []) {
      if (name !== 'style') continue;
      out += `${html.slice(done, from)}data-st`;
      done = from + 'style'.length;
    }
  }
  return out + html.slice(done);
}

/** The body of a document parsed from HTML; its pictures are not fetched and its scripts do not run. */
export function bodyOf(html) {
  return new DOMParser().parseFromString(`<!doctype html><body>${inert(html)}`, 'text/html').body;
}

function tagAt(html, at) {
  if (html.startsWith('<!--', at)) return comment(html, at, '-->', 2);
  const second = html[at + 1];
  if (second === '!' || second === '?') return comment(html, at, '>', 2);
  const close = second === '/';
  NAME.lastIndex = at + (close ? 2 : 1);
  const name = NAME.exec(html)?.[0].toLowerCase();
  if (!name) return close ? comment(html, at, '>', 2) : null;
  const attributes = [];
  let end = NAME.lastIndex;
  for (;;) {
    ATTRIBUTE.lastIndex = end;
    const found = ATTRIBUTE.exec(html);
    if (!found) break;
    attributes.push({ name: found[1].toLowerCase(), value: found[2], from: end + found[0].indexOf(found[1]) });
    end = ATTRIBUTE.lastIndex;
  }
  const bracket = html.indexOf('>', end);
  const to = bracket < 0 ? html.length : bracket + 1;
  return close ? { kind: 'close', name, from: at, to } : { kind: 'open', name, from: at, to, attributes };
}

function comment(html, from, mark, skip) {
  const end = html.indexOf(mark, from + skip);
  return { kind: 'comment', name: '', from, to: end < 0 ? html.length : end + mark.length };
}

function closing(html, name, from) {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi');
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}
