// Choosing a component to insert: search, groups, what was used last first.

import { dialog, h, icon } from './dom.js';

const RECENT = 'larder-components';

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function used(key) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([key, ...recent().filter((other) => other !== key)].slice(0, 6)));
  } catch {
    // Without storage nothing is remembered, and nothing else is lost.
  }
}

/** Asks which of `components` (`{key, name, help, icon, group}`) to insert. `paste` names what could be pasted.
 *  Resolves with a key, 'paste:' or ''. */
export async function chooseComponent(components, paste) {
  const latest = recent();
  const rank = ({ key }) => (latest.includes(key) ? latest.indexOf(key) : latest.length);
  const search = h('input', { class: 'in', type: 'search', placeholder: 'Search components', 'aria-label': 'Search components', autocomplete: 'off' });
  const list = h('div', { class: 'stack' });
  const found = h('p', { class: 'sr', role: 'status' });
  let box;
  const card = ({ key, name, help, icon: picture }) => h('button', { type: 'button', class: 'ed-choice', 'data-key': key, onclick: () => box.close(key) },
    h('span', { class: 'ico' }, icon(picture || 'component')), h('span', {}, h('b', {}, name), help ? h('small', {}, help) : null));
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const matching = components.filter(({ name, help = '', key }) => `${name} ${help} ${key}`.toLowerCase().includes(wanted));
    const groups = new Map();
    if (!wanted) {
      const last = matching.filter(({ key }) => latest.includes(key)).sort((a, b) => rank(a) - rank(b));
      if (last.length > 0 && matching.length > 4) groups.set('Recently used', last);
    }
    for (const component of matching) {
      const group = component.group || 'Components';
      groups.set(group, [...(groups.get(group) ?? []), component]);
    }
    list.replaceChildren(...[...groups].flatMap(([name, members]) => [h('h3', {}, name), h('div', { class: 'pick' }, members.map(card))]));
    if (matching.length === 0) list.replaceChildren(h('p', { class: 'muted' }, `No component matches “${search.value}”.`));
    found.textContent = wanted ? `${matching.length} found` : '';
  };
  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const first = list.querySelector('.ed-choice');
    if (first) box.close(first.dataset.key);
  });
  draw();
  const key = await dialog({
    title: 'Insert a component',
    content: [search, found, list],
    buttons: [...(paste ? [{ text: `Paste ${paste}`, value: 'paste:' }] : []), { text: 'Cancel', value: '' }],
    wide: true,
    onopen: (made) => { box = made; },
  });
  if (key && key !== 'paste:') used(key);
  return key;
}
