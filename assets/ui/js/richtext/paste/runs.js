// A line of text as runs, each with its marks, printed as little HTML as possible.

import { escaped, quoted } from '../escape.js';

const ORDER = [['link', 'a'], ['bold', 'strong'], ['italic', 'em'], ['strike', 's'], ['code', 'code']];

/** The HTML of runs `{ text, marks }` and `{ lineBreak: true }`: one string per line group between double breaks. */
export function paragraphs(runs) {
  const groups = [[]];
  runs.forEach((run, index) => {
    if (run.lineBreak && runs[index + 1]?.lineBreak) groups.push([]);
    else groups.at(-1).push(run);
  });
  return groups.map(line).filter(Boolean);
}

/** The HTML of runs as one line group; empty when there is nothing to see. */
export function line(runs) {
  const tidy = trimmed(collapsed(runs));
  let html = '';
  let open = [];
  for (const run of tidy) {
    const wanted = run.lineBreak ? open : opened(run.marks);
    let same = 0;
    while (same < open.length && same < wanted.length && open[same].tag === wanted[same].tag) same += 1;
    html += closing(open.slice(same)) + wanted.slice(same).map(({ tag }) => tag).join('');
    html += run.lineBreak ? '<br>' : escaped(run.text);
    open = wanted;
  }
  return html + closing(open);
}

/** One space for any run of white space, also across runs; a lone no-break space stays, it may be meant. */
function collapsed(runs) {
  let afterSpace = true;
  return runs.map((run) => {
    if (run.lineBreak) {
      afterSpace = true;
      return run;
    }
    let text = run.text.replace(/[ \t\r\n\f\u00a0]+/g, (space) => (space === '\u00a0' ? space : ' '));
    if (afterSpace) text = text.replace(/^[ \u00a0]+/, '');
    if (text) afterSpace = /[ \u00a0]$/.test(text);
    return { ...run, text };
  }).filter((run) => run.lineBreak || run.text);
}

function trimmed(runs) {
  const kept = [...runs];
  while (kept.length) {
    const last = kept.at(-1);
    const text = last.lineBreak ? '' : last.text.replace(/[ \u00a0]+$/, '');
    if (!text) {
      kept.pop();
      continue;
    }
    kept[kept.length - 1] = { ...last, text };
    break;
  }
  while (kept[0]?.lineBreak) kept.shift();
  return kept.map((run, index) => (
    kept[index + 1]?.lineBreak && run.text ? { ...run, text: run.text.replace(/ +$/, '') } : run
  ));
}

function opened(marks) {
  return ORDER.filter(([format]) => marks[format]).map(([format, name]) => ({
    name,
    tag: name === 'a' ? `<a href="${quoted(marks.link)}">` : `<${name}>`,
  }));
}

function closing(open) {
  return open.map(({ name }) => `</${name}>`).reverse().join('');
}
