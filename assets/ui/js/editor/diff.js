// What differs between two texts, word by word, shown with <ins> and <del>.

import { h } from './dom.js';

const MOST = 1500;

/** Nodes showing `to`, with what is gone from `from` and what is new marked. Long texts show `to` unmarked. */
export function difference(from, to) {
  const a = words(from);
  const b = words(to);
  if (a.length > MOST || b.length > MOST) return [document.createTextNode(to)];
  return grouped(walk(a, b)).map(({ kind, text }) => {
    if (kind === 'same') return document.createTextNode(text);
    return h(kind, {}, text);
  });
}

function words(text) {
  return text.match(/\s+|[\p{L}\p{N}_]+|./gsu) ?? [];
}

/** The longest common run of words, as the shortest list of steps. */
function walk(a, b) {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] = a[i] === b[j]
        ? table[(i + 1) * width + j + 1] + 1
        : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  const steps = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ kind: 'same', text: a[i] });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      steps.push({ kind: 'del', text: a[i] });
      i += 1;
    } else {
      steps.push({ kind: 'ins', text: b[j] });
      j += 1;
    }
  }
  return steps;
}

function grouped(steps) {
  const groups = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.kind === step.kind) last.text += step.text;
    else groups.push({ ...step });
  }
  return groups;
}

/** A value as plain text: markup without its tags, lists with commas. */
export function plainText(value) {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value === 'object') return [value.url, value.alt].filter(Boolean).join('\n');
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  const text = String(value);
  if (!/^\s*<[a-z!]/i.test(text)) return text;
  const parsed = new DOMParser().parseFromString(text.replace(/<\/(p|h\d|li|tr|blockquote|figure|pre)>/gi, '$&\n'), 'text/html');
  return parsed.body.textContent.trim();
}
