// What somebody did to a form before its script was there: on a slow line that is seconds.

/** The controls below `root` that do not show what the server sent. Forms with `autocomplete="off"` only: browsers fill
 *  others in again with what was there when the page was left. */
export function touchedEarly(root) {
  return [...root.querySelectorAll('input:not([type=hidden], [type=file]), textarea, select')].filter(isTouched);
}

function isTouched(control) {
  if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked;
  if (control.tagName === 'SELECT') return isChosen(control);
  // Controls do not show every text as it was sent: a control like it says what they make of it.
  const like = document.createElement(control.tagName);
  if (control.tagName === 'INPUT') like.type = control.type;
  like.defaultValue = control.defaultValue;
  return control.value !== like.value;
}

function isChosen(select) {
  const options = [...select.options];
  // Without a choice of the server's, browsers show the first.
  const sent = options.some((option) => option.defaultSelected);
  return sent ? options.some((option) => option.selected !== option.defaultSelected) : select.multiple ? select.selectedIndex >= 0 : select.selectedIndex > 0;
}
