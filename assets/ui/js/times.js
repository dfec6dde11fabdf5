// `<time datetime="…" data-relative>` says how long ago for a day, then the date. Dates are those of the site's time zone,
// `<html data-zone="Europe/Oslo">`, so that everyone reads the same day; the full time is in the title.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const zone = document.documentElement.dataset.zone || undefined;
const language = document.documentElement.lang || undefined;

function format(options) {
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  } catch {
    // A zone this browser does not know.
    return new Intl.DateTimeFormat(language, options);
  }
}

const full = format({ dateStyle: 'full', timeStyle: 'short' });
const named = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
const day = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
const week = format({ weekday: 'short', day: 'numeric', month: 'short' });
const year = format({ day: 'numeric', month: 'short' });
const other = format({ day: 'numeric', month: 'short', year: 'numeric' });
const elsewhere = zone && zone !== Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How a person says when something was, or will be. */
export function relative(moment, now = new Date()) {
  const past = now - moment;
  const size = Math.abs(past);
  if (size < MINUTE) return past < 0 ? 'in a moment' : 'just now';
  const amount = size < HOUR ? `${Math.floor(size / MINUTE)} min` : `${Math.floor(size / HOUR)} h`;
  const sameDay = day.format(moment) === day.format(now);
  if (size < DAY && (sameDay || size < 6 * HOUR)) return past < 0 ? `in ${amount}` : `${amount} ago`;
  if (day.format(moment) === day.format(new Date(now - DAY))) return 'Yesterday';
  if (day.format(moment) === day.format(new Date(+now + DAY))) return 'Tomorrow';
  if (size < 6 * DAY) return week.format(moment);
  return moment.getFullYear() === now.getFullYear() ? year.format(moment) : other.format(moment);
}

function refresh(root = document) {
  for (const element of root.querySelectorAll('time[data-relative]')) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(+moment)) continue;
    element.textContent = relative(moment);
    element.title = (elsewhere ? named : full).format(moment);
  }
}

refresh();
setInterval(() => { if (document.visibilityState === 'visible') refresh(); }, 30_000);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') refresh(); });
document.addEventListener('htmx:afterSettle', ({ target }) => refresh(target.parentElement ?? document));
