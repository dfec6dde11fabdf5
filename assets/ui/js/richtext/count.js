// Words and reading time. A block nobody touched is counted once.

const counted = new WeakMap();
const WORDS_A_MINUTE = 230;
// Scripts written without spaces: each character reads about as long as half a word.
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const WORD = /[\p{L}\p{N}]+(?:['’\-.][\p{L}\p{N}]+)*/gu;

/** `{ words, minutes }` of a document; a text with any word takes at least a minute. */
export function count(doc) {
  let words = 0;
  doc.forEach((node) => {
    if (!counted.has(node)) counted.set(node, wordsIn(node.textBetween(0, node.content.size, ' ', ' ')));
    words += counted.get(node);
  });
  return { words, minutes: Math.ceil(words / WORDS_A_MINUTE) };
}

function wordsIn(text) {
  const dense = text.match(DENSE)?.length ?? 0;
  const spaced = (dense ? text.replace(DENSE, ' ') : text).match(WORD)?.length ?? 0;
  return spaced + Math.ceil(dense / 2);
}
