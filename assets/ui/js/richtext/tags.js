// Reads tags out of HTML text without building a document: in linear time, whatever the text.

export const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Elements open in one another, beyond which HTML is not parsed: browsers nest no deeper and take very long. */
export const DEEPEST = 512;

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
 * The same HTML with every `style` attribute renamed to `data-st`, every handler such as `onclick` to `data-onclick`,
 * and `<style>` to `<xmp>`, which holds text as well. A document parsed from it has nothing the policy would refuse
 * and report.
 */
export function inert(html) {
  if (!/style|[\s/"']on/i.test(html)) return html;
  let out = '';
  let done = 0;
  const rename = (from, length, name) => {
    out += html.slice(done, from) + name;
    done = from + length;
  };
  for (const { kind, name, from, attributes = [] } of tags(html)) {
    if (name === 'style') rename(from + (kind === 'close' ? 2 : 1), name.length, 'xmp');
    for (const attribute of attributes) {
      if (attribute.name === 'style') rename(attribute.from, 'style'.length, 'data-st');
      else if (attribute.name.startsWith('on')) rename(attribute.from, 0, 'data-');
    }
  }
  return out + html.slice(done);
}

// Without a window: nothing in it is fetched, run or styled. One for all, as making one for each block takes time.
const elsewhere = document.implementation.createHTMLDocument('');

/** A `<body>` holding parsed HTML, away from the page: its pictures are not fetched and its scripts do not run. */
export function bodyOf(html) {
  const body = elsewhere.createElement('body');
  body.innerHTML = inert(html);
  return body;
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
