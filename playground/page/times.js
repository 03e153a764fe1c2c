// Slack's timestamps ("1763721600.000100", seconds since 1970) as words, in the reader's own time zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const long = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const longYear = new Intl.DateTimeFormat(
  undefined,
  { weekday: "long", day: "numeric", month: "long", year: "numeric" },
);
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export function asDate(ts) {
  return new Date(Number(ts) * 1000);
}

export function clockTime(ts) {
  return clock.format(asDate(ts));
}

export function fullTime(ts) {
  return full.format(asDate(ts));
}

/** A key that is equal for two moments of the same local day. */
export function dayKey(ts) {
  return asDate(ts).toDateString();
}

/** "Today", "Yesterday", "Monday, 3 November", with the year when it is another one. */
export function dayWords(ts) {
  const day = asDate(ts);
  const now = new Date();
  const days = daysSince(day);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return (day.getFullYear() === now.getFullYear() ? long : longYear).format(day);
}

/** Midnights that have passed, which is how people count days. */
function daysSince(day) {
  return Math.round((midnight(new Date()) - midnight(day)) / 86_400_000);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "5 minutes ago", "yesterday", "3 Nov": for "last reply" and the like. */
export function agoWords(ts) {
  const seconds = Number(ts) - Date.now() / 1000;
  if (seconds > -60) return "just now";
  if (seconds > -3600) return ago.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return ago.format(Math.round(seconds / 3600), "hour");
  if (daysSince(asDate(ts)) < 7) return ago.format(-daysSince(asDate(ts)), "day");
  return shortDay.format(asDate(ts));
}

/** Slack's date token: <!date^1392734382^{date} at {time}|fallback>. An unknown format falls back to the label. */
export function tokenDate(target, fallback) {
  const [, seconds, format] = target.split("^");
  if (!/^\d+$/.test(seconds ?? "") || !format) return fallback;
  const day = dayWords(seconds);
  const words = {
    date: longYear.format(asDate(seconds)),
    date_num: asDate(seconds).toISOString().slice(0, 10),
    date_short: shortDay.format(asDate(seconds)),
    date_long: longYear.format(asDate(seconds)),
    date_pretty: day,
    date_short_pretty: day === "Today" || day === "Yesterday" ? day : shortDay.format(asDate(seconds)),
    date_long_pretty: day,
    time: clockTime(seconds),
    time_secs: asDate(seconds).toLocaleTimeString(),
    ago: agoWords(seconds),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
}
