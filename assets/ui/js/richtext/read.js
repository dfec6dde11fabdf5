// Stored HTML to a document.

import { DOMParser as Reader } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { fixTables } from '@tiptap/pm/tables';
import { ALIASES, ELEMENTS, INLINE } from './allow.js';
import { pieces } from './pieces.js';
import { keepSource, sourceOf } from './sources.js';

const KNOWN = new Set([...Object.keys(ELEMENTS), ...Object.keys(ALIASES), ...INLINE, 'colgroup', 'col']);

/** The document of stored HTML. Uneven tables are evened out here, so that the first click changes nothing. */
export function read(schema, html) {
  const doc = schema.topNodeType.create(null, blocks(schema, html));
  const even = fixTables(EditorState.create({ doc }))?.doc ?? doc;
  even.forEach((node, _, index) => {
    const source = sourceOf(doc.child(index));
    if (node !== doc.child(index) && source !== undefined) keepSource(node, source);
  });
  return even;
}

/**
 * Reads HTML into a list of block nodes. Blocks the schema has no node for become HTML blocks with their source.
 * What was read is remembered, so printing an untouched document gives the same HTML (see print.js).
 */
function blocks(schema, html) {
  return pieces(html).flatMap(({ source, body }) => {
    const nodes = body && isKnown(body) ? parse(schema, body) : [schema.nodes.htmlBlock.create({ source: source.trim() })];
    if (nodes.length === 1) keepSource(nodes[0], source);
    return nodes;
  });
}

/** Reads the children of an element the editor knows. */
export function parse(schema, body) {
  const nodes = [];
  Reader.fromSchema(schema).parse(body).forEach((node) => nodes.push(node));
  return nodes;
}

/** Whether every element in `body` has a place in the schema, so that at most decoration could get lost. */
export function isKnown(body) {
  return [...body.querySelectorAll('*')].every((element) => {
    const name = element.localName;
    if (!KNOWN.has(name)) return false;
    if (name === 'figure') return isPicture(element);
    if (name === 'table') return element.parentElement === body && !element.querySelector('table');
    if (name === 'figcaption') return element.parentElement.localName === 'figure' && onlyInline(element);
    if (name === 'code' && element.parentElement.localName === 'pre') return true;
    if (name === 'pre') return onlyInline(element) && !element.querySelector('img');
    return !INLINE.has(name) || onlyInline(element);
  });
}

function isPicture(figure) {
  const [picture, ...rest] = figure.children;
  const text = [...figure.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const caption = rest.length === 0 || (rest.length === 1 && rest[0].localName === 'figcaption');
  return picture?.localName === 'img' && picture.hasAttribute('src') && caption && !text
    && !figure.querySelector('figcaption img');
}

function onlyInline(element) {
  return [...element.querySelectorAll('*')].every(({ localName }) => INLINE.has(localName));
}
