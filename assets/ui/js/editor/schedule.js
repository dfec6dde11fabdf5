// The questions asked before something goes live later, or goes away.

import { dialog, h } from './dom.js';
import { sendTo, sentTo } from './visitors.js';
import { inWords, localIn, momentIn } from './when.js';

/** Asks for a date and a time in `zone`, and with `links` where visitors go then. Resolves with what to send, or null. */
export async function askTime({ title, verb, zone, at, links }) {
  const start = localIn(zone, at ? new Date(at) : new Date(Date.now() + 24 * 3600_000));
  const date = h('input', { class: 'in', type: 'date', id: 'when-date', required: true });
  const time = h('input', { class: 'in', type: 'time', id: 'when-time', required: true });
  date.value = start.slice(0, 10);
  time.value = at ? start.slice(11, 16) : '08:00';
  const visitors = sendTo(links);
  const words = h('p', { class: 'hint', role: 'status', id: 'when-words' });
  const moment = () => (date.value && time.value ? momentIn(zone, `${date.value}T${time.value}`) : null);
  let box;
  const update = () => {
    const chosen = moment();
    const past = chosen && chosen.getTime() <= Date.now();
    words.textContent = !chosen ? 'Choose a date and a time.'
      : past ? `${inWords(`${date.value}T${time.value}`, zone)}. That is over; choose a later time.` : inWords(`${date.value}T${time.value}`, zone);
    box.querySelector('[data-value=go]').disabled = !chosen || past;
  };
  for (const input of [date, time]) input.addEventListener('input', update);
  const answer = await dialog({
    title,
    content: [
      h('div', { class: 'row2' }, h('div', { class: 'f' }, h('label', { for: 'when-date' }, 'Date'), date), h('div', { class: 'f' }, h('label', { for: 'when-time' }, `Time (${zone})`), time)),
      words,
      visitors,
    ].filter(Boolean),
    buttons: [{ text: 'Cancel', value: '' }, { text: verb, value: 'go', look: 'p' }],
    onopen: (made) => {
      box = made;
      update();
    },
  });
  return answer === 'go' ? { at: moment().toISOString(), ...(visitors && { redirect: sentTo(visitors) }) } : null;
}

/** Asks before unpublishing: what will answer 404, who links here, and where visitors go. Resolves with what to send, or null. */
export async function askUnpublish(name, links) {
  const { addresses = [], linked_from: from = [] } = links ?? {};
  const visitors = sendTo(links);
  const answer = await dialog({
    title: `Unpublish “${name}”?`,
    content: [
      links ? null : h('p', {}, 'What links here could not be looked up just now.'),
      addresses.length ? h('div', {}, h('p', {}, 'From then on these answer 404:'), h('ul', { class: 'ed-list' }, addresses.map((address) => h('li', { class: 'mono' }, address)))) : null,
      from.length ? h('div', {}, h('p', {}, `${from.length === 1 ? 'One entry links' : `${from.length} entries link`} here:`),
        h('ul', { class: 'ed-list' }, from.map(({ title, href, path }) => h('li', {}, href ? h('a', { href, target: '_blank', rel: 'noopener' }, title) : title, path ? h('small', {}, ` ${path}`) : null)))) : null,
      links && !from.length ? h('p', {}, 'Nothing links here.') : null,
      visitors,
      h('p', { class: 'muted' }, 'The text stays as a draft, and you can publish it again.'),
    ].filter(Boolean),
    buttons: [{ text: 'Cancel', value: '' }, { text: 'Unpublish', value: 'go', look: 'p dz' }],
    focus: 'footer [data-value=""]',
  });
  return answer === 'go' ? { redirect: sentTo(visitors) } : null;
}

/** Asks before deleting; of something live also where its visitors go. Resolves with what to send, or null. */
export async function askDelete(name, { live, links }) {
  const visitors = sendTo(links);
  const answer = await dialog({
    title: `Delete “${name}”?`,
    content: [
      h('p', {}, `${live ? 'It goes offline at once. ' : ''}It stays in the trash for 30 days and can be restored from there.`),
      visitors,
    ].filter(Boolean),
    buttons: [{ text: 'Cancel', value: '' }, { text: 'Delete', value: 'go', look: 'p dz' }],
    focus: 'footer [data-value=""]',
  });
  return answer === 'go' ? { redirect: sentTo(visitors) } : null;
}

/** A plain question about something that takes text away; Cancel has the focus. */
export async function askSure({ title, text, verb }) {
  const answer = await dialog({
    title, content: [h('p', {}, text)], focus: 'footer [data-value=""]',
    buttons: [{ text: 'Cancel', value: '' }, { text: verb, value: 'go', look: 'p dz' }],
  });
  return answer === 'go';
}
