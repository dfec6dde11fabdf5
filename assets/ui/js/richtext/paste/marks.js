// Bold, italic, strike, code and links out of elements and of what is left of their styles.

import { ALIASES, safeAddress } from '../allow.js';

const BY_ELEMENT = { strong: 'bold', em: 'italic', s: 'strike', code: 'code' };
const MONOSPACE = /monospace|courier|consolas|menlo|monaco|"?sf ?mono|source code|roboto mono|fira code|jetbrains mono/i;

/** The marks inside `element`, given those around it: a map of format to true, or to an address for links. */
export function marksOf(element, around, formats) {
  const marks = { ...around };
  const name = ALIASES[element.localName] ?? element.localName;
  if (BY_ELEMENT[name]) marks[BY_ELEMENT[name]] = true;
  if (element.localName === 'font' && MONOSPACE.test(element.getAttribute('face') ?? '')) marks.code = true;
  readStyle(styleOf(element), marks);
  if (name === 'a' && element.hasAttribute('href')) marks.link = realAddress(element.getAttribute('href'));
  for (const format of Object.keys(marks)) if (!marks[format] || !formats.has(format)) delete marks[format];
  return marks;
}

/** Declarations of the renamed style attribute, by property. */
export function styleOf(element) {
  const declarations = (element.getAttribute('data-st') ?? '').split(';').map((declaration) => {
    const colon = declaration.indexOf(':');
    return [declaration.slice(0, colon).trim().toLowerCase(), declaration.slice(colon + 1).trim().toLowerCase()];
  });
  return Object.fromEntries(declarations);
}

function readStyle(style, marks) {
  const weight = style['font-weight'];
  if (/^(?:bold|bolder|[6-9]\d\d)$/.test(weight ?? '')) marks.bold = true;
  else if (/^(?:normal|lighter|[1-5]\d\d)$/.test(weight ?? '')) marks.bold = false;
  const slant = style['font-style'];
  if (/^(?:italic|oblique)/.test(slant ?? '')) marks.italic = true;
  else if (slant === 'normal') marks.italic = false;
  if (/line-through/.test(`${style['text-decoration'] ?? ''} ${style['text-decoration-line'] ?? ''}`)) marks.strike = true;
  if (MONOSPACE.test(style['font-family'] ?? '')) marks.code = true;
}

/** Where a link really leads: Google Docs sends readers through itself. Empty when it may not be linked. */
function realAddress(href) {
  const address = href.trim();
  if (!safeAddress(address)) return '';
  if (!/^https?:\/\/(?:www\.)?google\.[a-z.]+\/url\?/i.test(address) || !URL.canParse(address)) return address;
  const { searchParams } = new URL(address);
  const target = searchParams.get('q') ?? searchParams.get('url') ?? '';
  return /^https?:/i.test(target) ? target : address;
}
