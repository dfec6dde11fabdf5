// One way to read and write a field, whatever its widget; and what fields say while someone writes.

import { h, icon, idOf, announce } from './dom.js';

/** The field around a control, or null. */
export function fieldOf(control) {
  return control.closest('.f[data-path]');
}

/** Reads and writes the field `el` (`.f[data-path]`): `{path, get(), set(value), focus(), label, isText}`. */
export function ldField(el) {
  const path = el.dataset.path;
  const own = (selector) => [...el.querySelectorAll(selector)].filter((found) => fieldOf(found) === el);
  const access = media(el, own) ?? reference(own) ?? rich(own) ?? choice(own, path) ?? list(own, path) ?? single(own, path);
  return {
    el,
    path,
    label: labelOf(el),
    isText: access.isText ?? false,
    get: access.get,
    set(value) {
      access.set(value);
      // Custom elements and counters follow; the save queue knows this was no person's doing.
      for (const control of own('input, textarea, select')) control.dispatchEvent(new CustomEvent('ld-set', { bubbles: true }));
    },
    focus: () => (access.focus ?? (() => own('input:not([type=hidden]), textarea, select, button')[0]?.focus()))(),
  };
}

/** What a person calls the field. */
export function labelOf(el) {
  const label = el.querySelector('label, legend, .l0');
  const text = [...(label?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join('').trim();
  return text || label?.textContent.trim() || el.querySelector('[aria-label]')?.getAttribute('aria-label') || el.dataset.path;
}

function media(el, own) {
  const url = own('input[name$=".url"]')[0];
  if (!url || !(el.querySelector('ld-image') || el.dataset.type === 'media')) return null;
  const alt = own('input[name$=".alt"], textarea[name$=".alt"]')[0];
  const decorative = own('input[name$=".decorative"]')[0];
  return {
    get: () => (url.value ? { url: url.value, alt: alt?.value ?? '', ...(decorative?.checked ? { decorative: true } : {}) } : null),
    set: (value) => {
      const { url: address, alt: text, decorative: ticked } = typeof value === 'string' ? { url: value, alt: '' } : (value ?? {});
      url.value = address ?? '';
      if (alt) alt.value = text ?? '';
      if (decorative) decorative.checked = Boolean(ticked);
    },
    focus: () => el.querySelector('ld-image')?.focusFirst?.(),
  };
}

function reference(own) {
  const select = own('ld-ref select[name], ld-terms select[name]')[0];
  if (!select) return null;
  const chosen = () => [...select.options].filter((option) => option.selected && option.value).map((option) => option.value);
  return {
    get: () => (select.multiple ? chosen() : chosen()[0] ?? null),
    set: (value) => {
      const wanted = [value ?? []].flat().map(String);
      for (const id of wanted) {
        const known = [...select.options].find((option) => option.value === id);
        // The order of the options is the order of the value.
        if (known) select.append(known);
        else select.append(new Option(id, id));
      }
      for (const option of select.options) option.selected = wanted.includes(option.value);
    },
    focus: () => select.closest('ld-ref, ld-terms').querySelector('[role=combobox], input, button')?.focus(),
  };
}

function rich(own) {
  const element = own('ld-richtext')[0];
  const area = element?.querySelector('textarea');
  if (!area) return null;
  return {
    isText: true,
    get: () => {
      element.flush?.();
      return area.value;
    },
    set: (value) => {
      if ('value' in element) element.value = value ?? '';
      else area.value = value ?? '';
    },
    focus: () => (element.querySelector('[contenteditable=true]') ?? area).focus(),
  };
}

function choice(own, path) {
  const [box] = own('input[type=checkbox]').filter((input) => input.name === path);
  if (box) return { get: () => box.checked, set: (value) => { box.checked = value === true || value === 'true'; } };
  const radios = own('input[type=radio]').filter((input) => input.name === path);
  if (radios.length === 0) return null;
  return {
    get: () => radios.find((radio) => radio.checked)?.value ?? '',
    set: (value) => { for (const radio of radios) radio.checked = radio.value === String(value ?? ''); },
    focus: () => (radios.find((radio) => radio.checked) ?? radios[0]).focus(),
  };
}

function list(own, path) {
  const several = () => own('select, input:not([type=hidden])').filter((control) => /^\.\d+$/.test(control.name.slice(path.length)));
  if (several().length === 0) return null;
  return {
    get: () => several().map((control) => control.value).filter(Boolean),
    set: (value) => several().forEach((control, at) => { control.value = value?.[at] ?? ''; }),
  };
}

const TYPED = new Set(['text', 'search', 'url', 'email', 'tel', 'number']);

function single(own, path) {
  const controls = own('input, textarea, select').filter((control) => control.name === path);
  const control = controls.find((found) => found.type !== 'hidden') ?? controls[0] ?? own('input, textarea, select')[0];
  if (!control) return { get: () => null, set: () => {} };
  return {
    isText: control.tagName === 'TEXTAREA' || TYPED.has(control.type),
    get: () => control.value,
    set: (value) => {
      const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
      if (control.tagName === 'SELECT' && text && ![...control.options].some((option) => option.value === text)) control.append(new Option(text, text));
      // A picker of dates takes whole minutes or seconds, without a zone.
      control.value = control.type === 'date' ? text.slice(0, 10) : control.type === 'datetime-local' ? text.slice(0, 19) : text;
    },
    focus: () => control.focus(),
  };
}

/** The number of characters people count: an emoji is one. */
export function lengthOf(text) {
  let length = 0;
  for (const _ of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) length += 1;
  return length;
}

/** Shows "52 / 60" beside the label from 80 % of the limit on. */
export function updateCounter(control) {
  const most = Number(control.dataset.max);
  const field = fieldOf(control);
  const label = field?.querySelector('label, legend, .l0');
  if (!most || !label) return;
  // Long texts are counted only when they may be near their limit.
  const length = control.value.length < most * 0.8 ? 0 : lengthOf(control.value);
  let counter = label.querySelector('[data-counter]');
  if (length < most * 0.8) {
    counter?.remove();
    label.querySelector('.h')?.removeAttribute('hidden');
    return;
  }
  if (!counter) {
    label.querySelector('.h')?.setAttribute('hidden', '');
    counter = h('span', { class: 'h num', 'data-counter': '' });
    label.append(counter);
  }
  counter.textContent = `${length} / ${most}`;
  counter.classList.toggle('over', length > most);
}

/** What is wrong with a control's value so far as the browser can tell, or null. Never stops anything. */
export function complaint(control) {
  const { value, dataset, validity } = control;
  if (control.getAttribute('aria-required') === 'true' && !value.trim()) return 'This is needed before it can go live.';
  if (!value) return validity.badInput ? 'This is not a number or date the browser understands.' : null;
  const length = lengthOf(value);
  if (dataset.max && length > Number(dataset.max)) return `Shorten by ${length - Number(dataset.max)} characters; ${dataset.max} fit.`;
  if (dataset.min && length < Number(dataset.min)) return `Write at least ${Number(dataset.min) - length} more characters.`;
  if (validity.badInput) return 'This is not a number or date the browser understands.';
  if (validity.typeMismatch) return control.type === 'email' ? 'This is no mail address. It looks like name@example.com.' : 'This is no web address. It starts with https:// or /.';
  if (validity.rangeOverflow) return `At most ${control.max}.`;
  if (validity.rangeUnderflow) return `At least ${control.min}.`;
  return null;
}

/** Shows sentences under a field, or takes them away when there are none. */
export function showProblems(el, sentences, { aloud = false } = {}) {
  const control = [...el.querySelectorAll('input:not([type=hidden]), textarea, select')].find((found) => fieldOf(found) === el);
  let note = [...el.querySelectorAll('.err')].find((found) => fieldOf(found) === el);
  if (sentences.length === 0) {
    if (!note || note.hidden) return;
    note.hidden = true;
    note.replaceChildren();
    control?.removeAttribute('aria-invalid');
    control?.classList.remove('bad');
    if (control) describe(control, note.id, false);
    return;
  }
  if (!note) {
    note = h('p', { class: 'err' });
    el.append(note);
  }
  note.hidden = false;
  note.replaceChildren(icon('triangle-alert', 'sm'), sentences.join(' '));
  control?.setAttribute('aria-invalid', 'true');
  control?.classList.add('bad');
  if (control) describe(control, idOf(note), true);
  if (aloud) announce(`${labelOf(el)}: ${sentences.join(' ')}`);
}

function describe(control, id, on) {
  const ids = new Set((control.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean));
  if (on) ids.add(id);
  else ids.delete(id);
  if (ids.size) control.setAttribute('aria-describedby', [...ids].join(' '));
  else control.removeAttribute('aria-describedby');
}
