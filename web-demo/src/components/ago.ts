// "5 minutes ago", in the locale; after a week the date says more. Pure.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Both in milliseconds since the epoch. */
export function ago(at: number, now: number, locale?: string): string {
  const distance = Math.abs(now - at);
  const sign = at > now ? 1 : -1;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (distance < MINUTE) return "just now";
  if (distance < HOUR) return relative.format(sign * Math.floor(distance / MINUTE), "minute");
  if (distance < DAY) return relative.format(sign * Math.floor(distance / HOUR), "hour");
  if (distance < 7 * DAY) return relative.format(sign * Math.floor(distance / DAY), "day");
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(at);
}

/** Milliseconds until it may read otherwise; no sooner than half a minute, no later than an hour. */
export function untilNextChange(at: number, now: number): number {
  const distance = Math.abs(now - at);
  return distance < HOUR ? MINUTE / 2 : HOUR;
}
