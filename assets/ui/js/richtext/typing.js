// Markdown while typing: `## `, `- `, `1. `, `> `, ``` ``` ```, `---`, `**bold**`, `*italic*`, `~~strike~~`, `` `code` ``.

import { Extension, markInputRule, nodeInputRule, textblockTypeInputRule, wrappingInputRule } from '@tiptap/core';

/** The rules for the formats a field allows. */
export function typing(formats) {
  return Extension.create({
    name: 'typing',
    addInputRules() {
      const { nodes, marks } = this.editor.schema;
      const rules = [
        ...[2, 3, 4].map((level) => [`h${level}`, textblockTypeInputRule({
          find: new RegExp(`^#{${level}}\\s$`), type: nodes.heading, getAttributes: { level },
        })]),
        ['bullets', wrappingInputRule({ find: /^\s*[-+*]\s$/, type: nodes.bulletList })],
        ['numbers', wrappingInputRule({
          find: /^(\d{1,4})[.)]\s$/,
          type: nodes.orderedList,
          getAttributes: ([, start]) => ({ start: Number(start) }),
          joinPredicate: ([, start], node) => node.childCount + node.attrs.start === Number(start),
        })],
        ['quote', wrappingInputRule({ find: /^\s*>\s$/, type: nodes.blockquote })],
        ['codeblock', textblockTypeInputRule({
          find: /^```([\w+#.-]*)\s$/, type: nodes.codeBlock, getAttributes: ([, language]) => ({ language: language || null }),
        })],
        ['rule', nodeInputRule({ find: /^(?:---|—-|___)\s$/, type: nodes.horizontalRule })],
        ['bold', markInputRule({ find: /(?:^|\s)(\*\*(?!\s)((?:[^*]+))\*\*)$/, type: marks.bold })],
        ['bold', markInputRule({ find: /(?:^|\s)(__(?!\s)((?:[^_]+))__)$/, type: marks.bold })],
        ['italic', markInputRule({ find: /(?:^|\s)(\*(?![\s*])((?:[^*]+))\*)$/, type: marks.italic })],
        ['italic', markInputRule({ find: /(?:^|\s)(_(?![\s_])((?:[^_]+))_)$/, type: marks.italic })],
        ['strike', markInputRule({ find: /(?:^|\s)(~~(?!\s)((?:[^~]+))~~)$/, type: marks.strike })],
        ['code', markInputRule({ find: /(?:^|\s)(`([^`]+)`)$/, type: marks.code })],
      ];
      return rules.filter(([format]) => formats.has(format)).map(([, rule]) => rule);
    },
  });
}
