// What the editor itself writes: the one list behind buttons, pasting and output.
//
// HTML outside this list that was stored before is not lost: it stays in HTML blocks (see html-block.js) or in
// the retained source of its block (see sources.js). The server alone decides what is dangerous.

/** Names a field may list in `data-formats`, in the order of the toolbar. */
export const FORMATS = [
  'h2', 'h3', 'h4', 'bold', 'italic', 'strike', 'code', 'link', 'bullets', 'numbers', 'quote', 'codeblock',
  'image', 'table', 'embed', 'callout', 'rule',
];

const GROUPS = { headings: ['h2', 'h3', 'h4'], lists: ['bullets', 'numbers'] };

/** Elements written, the format that permits each (none: always), and their attributes in the order of output. */
export const ELEMENTS = {
  p: {},
  br: {},
  h2: { format: 'h2' },
  h3: { format: 'h3' },
  h4: { format: 'h4' },
  strong: { format: 'bold' },
  em: { format: 'italic' },
  s: { format: 'strike' },
  code: { format: 'code', attributes: ['class'] },
  a: { format: 'link', attributes: ['href', 'rel', 'target'] },
  ul: { format: 'bullets' },
  ol: { format: 'numbers', attributes: ['start'] },
  li: {},
  blockquote: { format: 'quote' },
  pre: { format: 'codeblock' },
  hr: { format: 'rule' },
  table: { format: 'table' },
  thead: {},
  tbody: {},
  tr: {},
  th: { attributes: ['colspan', 'rowspan', 'scope'] },
  td: { attributes: ['colspan', 'rowspan'] },
  figure: { format: 'image', attributes: ['class'] },
  img: { format: 'image', attributes: ['src', 'alt', 'width', 'height', 'data-asset'] },
  figcaption: {},
  aside: { format: 'callout' },
};

/** The only classes written, by element. */
export const CLASSES = { figure: /^w-(?:third|half|full)$/, code: /^language-[\w+#.-]+$/ };

/** Elements read as one of ours. */
export const ALIASES = {
  b: 'strong', i: 'em', del: 's', strike: 's', tt: 'code', kbd: 'code', samp: 'code', h1: 'h2', h5: 'h4', h6: 'h4',
};

/** Elements that mark up text inside a line: the editor may lose them, but it never loses their text. */
export const INLINE = new Set((
  'a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s samp small span '
  + 'strike strong sub sup time tt u var wbr'
).split(' '));

/** Languages offered for code blocks; another one found in a stored body is kept. */
export const LANGUAGES = [
  ['', 'Plain text'], ['bash', 'Shell'], ['c', 'C'], ['cpp', 'C++'], ['csharp', 'C#'], ['css', 'CSS'], ['go', 'Go'],
  ['html', 'HTML'], ['java', 'Java'], ['javascript', 'JavaScript'], ['json', 'JSON'], ['kotlin', 'Kotlin'],
  ['markdown', 'Markdown'], ['php', 'PHP'], ['python', 'Python'], ['ruby', 'Ruby'], ['rust', 'Rust'], ['sql', 'SQL'],
  ['swift', 'Swift'], ['typescript', 'TypeScript'], ['xml', 'XML'], ['yaml', 'YAML'],
];

/** The formats of a field: those named in its `data-formats`, or all when it names none. */
export function formatsOf(names) {
  if (names === null || names === undefined) return new Set(FORMATS);
  const listed = names.split(/\s+/).flatMap((name) => GROUPS[name] ?? [name]);
  return new Set(FORMATS.filter((format) => listed.includes(format)));
}

/** Whether a link may lead there. Relative addresses may; `javascript:` and its like may not. */
export function safeAddress(address) {
  const scheme = /^[\s\0-\x1f]*([a-z][a-z0-9+.-]*):/i.exec(address);
  return !scheme || ['http', 'https', 'mailto', 'tel', 'sms', 'ftp'].includes(scheme[1].toLowerCase());
}

/** What a person typed as an address: `example.com` becomes `https://example.com`, a mail address a `mailto:`. */
export function asAddress(typed) {
  const text = typed.trim();
  if (!text || /^(?:[/#?.]|[a-z][a-z0-9+.-]*:)/i.test(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s/]+\.[^\s/.]{2,}(?:[/?#]|$)/.test(text) ? `https://${text}` : text;
}

/** Whether text is one address and nothing else, as copied from an address bar. */
export function looksLikeAddress(text) {
  return /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i.test(text.trim());
}
