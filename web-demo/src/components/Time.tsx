// When something happened: as long ago as it is, or as a date, always with the exact instant in the markup.
import { useEffect, useState } from "react";
import { ago, untilNextChange } from "./ago";

export function TimeAgo({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilNextChange(Date.parse(at), now));
    return () => clearTimeout(timer);
  }, [at, now]);
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(Date.parse(at), now)}
    </time>
  );
}

/** "12 Nov 2026", or with `time` "12 Nov 2026, 14:05", as the locale writes it. */
export function DateTime({ at, time = false }: { at: string; time?: boolean }) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", ...(time ? { timeStyle: "short" } : {}) });
  return (
    <time dateTime={at} title={exact(at)}>
      {format.format(new Date(at))}
    </time>
  );
}

/** "2:05 PM": where the day stands above it. */
export function TimeOfDay({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date(at))}
    </time>
  );
}

function exact(at: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" }).format(new Date(at));
}
