// Fields that are shown only while another one has one of some values: `data-if` names its path, `data-is` the values.

/** Shows and hides such fields of a form, now and whenever something in it changes. */
export function watchConditions(form) {
  const show = () => {
    for (const field of form.querySelectorAll('.f[data-if]')) {
      const value = valueOf(form, field.dataset.if);
      field.hidden = value !== null && !JSON.parse(field.dataset.is).includes(value);
    }
  };
  for (const kind of ['input', 'change', 'ld-set']) form.addEventListener(kind, show);
  // Cards that are added or opened bring fields of their own.
  new MutationObserver(show).observe(form, { childList: true, subtree: true });
  show();
}

/** What the control of this path holds, as text; null when there is none. */
function valueOf(form, path) {
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(path)}"]`)];
  const box = controls.find((control) => control.type === 'checkbox');
  if (box) return String(box.checked);
  const radios = controls.filter((control) => control.type === 'radio');
  if (radios.length > 0) return radios.find((radio) => radio.checked)?.value ?? '';
  return controls.at(-1)?.value ?? null;
}
