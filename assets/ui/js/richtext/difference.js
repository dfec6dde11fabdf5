// What the editor would lose if it printed a block it has read.

import { ALIASES } from './allow.js';
import { remembered } from './print.js';
import { sourceOf } from './sources.js';
import { bodyOf } from './tags.js';
import { WORDS } from './words.js';

// These come and go with the way a block is written and carry nothing a reader sees.
const SILENT = new Set(['p', 'tbody', 'thead', 'colgroup', 'col', 'span', 'font', 'figure', 'figcaption', 'br']);

/** What changing the blocks of a document would lose, as phrases: `["3 text colours", "1 class"]`. */
export function losses(doc) {
  const lost = new Map();
  doc.forEach((node) => {
    const source = sourceOf(node);
    if (source === undefined || node.type.name === 'htmlBlock') return;
    const written = remembered(node);
    if (written === source.trim()) return;
    const left = inventory(bodyOf(written));
    for (const [thing, count] of inventory(bodyOf(source))) {
      const missing = count - (left.get(thing) ?? 0);
      if (missing > 0) add(lost, thing.split(' ')[0], missing);
    }
  });
  return Object.keys(WORDS.lost).filter((kind) => lost.has(kind)).map((kind) => WORDS.lost[kind](lost.get(kind)));
}

/** Everything in a body that could get lost, counted. The first word of each key is its kind. */
function inventory(body) {
  const found = new Map();
  const comments = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) add(found, 'comment');
  for (const element of body.querySelectorAll('*')) {
    addElement(found, element);
    for (const { name, value } of element.attributes) addAttribute(found, element.localName, name, value);
  }
  add(found, `text ${body.textContent.replace(/\s+/g, '')}`);
  return found;
}

function addElement(found, { localName }) {
  if (localName === 'u' || localName === 'ins') add(found, 'underline');
  else if (/^h[156]$/.test(localName)) add(found, `heading ${localName}`);
  else if (localName === 'a') add(found, 'link');
  else if (!SILENT.has(localName)) add(found, `element ${ALIASES[localName] ?? localName}`);
}

function addAttribute(found, element, name, value) {
  if (name === 'data-st') {
    for (const declaration of value.split(';')) {
      const property = declaration.split(':')[0].trim().toLowerCase();
      if (property) add(found, kindOfStyle(property));
    }
  } else if (name === 'class') {
    for (const token of value.split(/\s+/).filter(Boolean)) add(found, `class ${element} ${token}`);
  } else if (name === 'id' || name === 'name') add(found, 'id');
  else if (element === 'font') add(found, name === 'color' ? 'colour' : 'font');
  else if (name === 'align') add(found, 'alignment');
  else add(found, `attribute ${element} ${name} ${value}`);
}

function kindOfStyle(property) {
  if (property === 'color') return 'colour';
  if (property.startsWith('background')) return 'background';
  if (property === 'text-align') return 'alignment';
  if (/^(?:font|line-height|letter-spacing)/.test(property)) return 'font';
  if (/^(?:min-|max-)?(?:width|height)$/.test(property)) return 'size';
  return 'style';
}

function add(counts, thing, count = 1) {
  counts.set(thing, (counts.get(thing) ?? 0) + count);
}
