// Text as HTML, written as browsers write it.

export function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
}

/** Text for an attribute in double quotes. */
export function quoted(text) {
  return escaped(text).replaceAll('"', '&quot;');
}
