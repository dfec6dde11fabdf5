// What was copied elsewhere, as the plain HTML of our allow-list (dashboard.md, section 2.3).

import { quoted } from '../escape.js';
import { bodyOf } from '../tags.js';
import { Flow, headingLevel } from './flow.js';
import { withoutOffice } from './office.js';
import { wordLists } from './word-lists.js';

/** Characters of HTML looked at, after styles and pictures were taken out. */
export const MARKUP_LIMIT = 4_000_000;
/** Characters of text taken in, about 60,000 words: more would make the page slow to type in. */
export const TEXT_LIMIT = 400_000;

/**
 * Cleans pasted HTML.
 *
 * `formats`: the formats the field allows; others are reduced to their text.
 * `picture(source, alt)`: called for each picture with `{ data }`, `{ url }` or `{ lost: true }` (a file on the
 * person's disk); returns attributes for its `figure`, such as ` data-upload="7"`, or null to keep its address,
 * or undefined to leave it out.
 *
 * Returns `{ html, cut, all }`: `cut` tells how many characters of text were taken when it was not all of them.
 */
export function clean(pasted, { formats, picture }) {
  const { html, inlined, cut: finer } = withoutOffice(pasted);
  const body = bodyOf(html.slice(0, MARKUP_LIMIT));
  wordLists(body);
  const budget = { left: TEXT_LIMIT };
  // A text with a title level of its own moves down by one, so that no level is skipped.
  const shift = [...body.querySelectorAll('h1, [role=heading], .MsoTitle')].some((element) => headingLevel(element) === 1) ? 1 : 0;
  const flow = new Flow({ formats, budget, shift, picture: (element) => describe(element, inlined, picture) });
  flow.addChildren(body, {});
  const cut = finer || budget.left <= 0 || html.length > MARKUP_LIMIT;
  return { html: flow.html, cut: cut ? TEXT_LIMIT - Math.max(budget.left, 0) : 0, all: finer ? pasted.length : body.textContent.length };
}

/** The first part of pasted plain text, ending at the end of a line. */
export function cutText(text) {
  if (text.length <= TEXT_LIMIT) return text;
  const end = text.lastIndexOf('\n', TEXT_LIMIT);
  return text.slice(0, end > TEXT_LIMIT / 2 ? end : TEXT_LIMIT);
}

function describe(element, inlined, picture) {
  const address = (element.getAttribute('src') ?? '').trim();
  const sizes = ['width', 'height'].map((name) => Number.parseInt(element.getAttribute(name), 10));
  // Pixels that count readers, not pictures.
  if (!address || sizes.some((size) => size <= 2)) return null;
  const alt = element.getAttribute('alt');
  const figure = picture(sourceOf(address, inlined), alt);
  if (figure === undefined) return null;
  const img = alt === null ? '' : ` alt="${quoted(alt)}"`;
  return figure === null ? { figure: '', img: ` src="${quoted(address)}"${img}` } : { figure, img };
}

function sourceOf(address, inlined) {
  const pasted = /^pasted:(\d+)$/.exec(address);
  if (pasted) return { data: inlined[Number(pasted[1])] };
  return /^(?:https?:)?\/\/|^\//i.test(address) ? { url: address } : { lost: true };
}
