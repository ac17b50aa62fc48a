// Entries by the day they were written, in the reader's calendar. Pure.

export interface Day<Entry> {
  /** 2026-11-22: tells days apart, and is not shown. */
  readonly date: string;
  readonly entries: readonly Entry[];
}

export function byDay<Entry extends { readonly createdAt: string }>(entries: readonly Entry[]): Day<Entry>[] {
  const days: { date: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const date = dateOf(entry.createdAt);
    const last = days.at(-1);
    if (last?.date === date) last.entries.push(entry);
    else days.push({ date, entries: [entry] });
  }
  return days;
}

export function dateOf(instant: string): string {
  const at = new Date(instant);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
