/** Instants and spans in words. All instants are UTC, as on the topics; the machine's own time is in their titles. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Within so much the weekday names the day; beyond, it could be another week's. */
const WEEKDAY_ENOUGH_MS = 6 * DAY_MS;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `14:03`. */
export function clock(at_ms: number): string {
  const at = new Date(at_ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** A weekday and time, `Thu 14:00`, or a date where the weekday could be another week's: `Wed 4 Feb`. */
export function moment(at_ms: number, now_ms: number): string {
  const at = new Date(at_ms);
  const weekday = WEEKDAYS[at.getUTCDay()];
  if (Math.abs(at_ms - now_ms) < WEEKDAY_ENOUGH_MS) return `${weekday} ${clock(at_ms)}`;
  const year = at.getUTCFullYear() === new Date(now_ms).getUTCFullYear() ? "" : ` ${at.getUTCFullYear()}`;
  return `${weekday} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year}`;
}

/** An instant in full: `Thu 8 Jan 2026 14:03:20 UTC`. */
export function inFull(at_ms: number): string {
  const at = new Date(at_ms);
  const day = `${WEEKDAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return `${day} ${clock(at_ms)}:${two(at.getUTCSeconds())} UTC`;
}

/** A time of this machine's clock, where it is: `14:03:20`. */
export function localClock(at_ms: number): string {
  const at = new Date(at_ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** A duration in the one unit that suits it, rounded: `40 s`, `25 min`, `2 h`, `3 days`. */
export function span(duration_ms: number): string {
  const size = Math.abs(duration_ms);
  if (size > 0 && size < 2 * DAY_MS && size % HOUR_MS === 0) return `${size / HOUR_MS} h`;
  if (size < 90_000) return `${Math.round(size / 1000)} s`;
  if (size < 90 * MINUTE_MS) return `${Math.round(size / MINUTE_MS)} min`;
  if (size < 2 * DAY_MS) return `${Math.round(size / HOUR_MS)} h`;
  return `${Math.round(size / DAY_MS)} days`;
}

/** How far off an instant is: `in 13 h`, `25 min ago`, `now`. */
export function fromNow(at_ms: number, now_ms: number): string {
  const away_ms = at_ms - now_ms;
  if (Math.abs(away_ms) < MINUTE_MS) return "now";
  return away_ms > 0 ? `in ${span(away_ms)}` : `${span(away_ms)} ago`;
}

/** The instant to the precision that a prediction has: ten minutes for what is a day off, else the hour. */
export function roundTo(at_ms: number, precision_ms: number): number {
  return Math.round(at_ms / precision_ms) * precision_ms;
}
