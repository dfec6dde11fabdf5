// Times as people read them. Dates of fields have no zone; the site's is named.

/** The moment a clock in `zone` shows `local` ("2026-11-24T08:00"). Null when it is no date. */
export function momentIn(zone, local) {
  const asIfUtc = Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`);
  if (Number.isNaN(asIfUtc)) return null;
  let moment = asIfUtc - offset(zone, asIfUtc);
  // Around a change of the clocks the first guess may fall on the other side.
  moment = asIfUtc - offset(zone, moment);
  return new Date(moment);
}

function offset(zone, moment) {
  return Date.parse(`${localIn(zone, new Date(moment), true)}Z`) - Math.floor(moment / 1000) * 1000;
}

/** What a clock in `zone` shows: "2026-11-24T08:00", with seconds when asked. */
export function localIn(zone, date, seconds = false) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(date).map(({ type, value }) => [type, value]));
  const minutes = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
  return seconds ? `${minutes}:${parts.second}` : minutes;
}

/** "in 3 days, 2 h", "in 5 min", "2 h ago". */
export function distance(to, from = Date.now()) {
  const minutes = Math.round(Math.abs(to - from) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = days > 0 ? [`${days} ${days === 1 ? 'day' : 'days'}`, hours && days < 14 ? `${hours} h` : '']
    : hours > 0 ? [`${hours} h`, minutes % 60 && hours < 6 ? `${minutes % 60} min` : ''] : [minutes ? `${minutes} min` : 'less than a minute'];
  const words = parts.filter(Boolean).join(', ');
  return to >= from ? `in ${words}` : `${words} ago`;
}

/** "Tuesday 24 November 2026, 08:00 in Europe/Oslo, in 3 days, 2 h"; '' for no date. */
export function inWords(local, zone, timed = local.length > 10) {
  const moment = momentIn(zone, local);
  if (!moment) return '';
  const day = moment.toLocaleDateString('en-GB', { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  if (!timed) return `${day}, ${distance(momentIn(zone, local.slice(0, 10)), momentIn(zone, localIn(zone, new Date()).slice(0, 10))).replace('in less than a minute', 'today')}`;
  const time = moment.toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  return `${day}, ${time} in ${zone}, ${distance(moment.getTime())}`;
}

/** "24 Nov, 08:00" for lists of facts. */
export function short(iso, zone) {
  return new Date(iso).toLocaleString('en-GB', { timeZone: zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
