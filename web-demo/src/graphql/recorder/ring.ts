// The latest operations, oldest first; each change makes a new list, so that whoever shows it knows that it changed.
import type { Recorded } from "./record";

/** What is kept: a page runs a dozen operations, so these are the last few pages; a plan is some 5 kB. */
export const RECORDED_MAX = 100;

export function added(ring: readonly Recorded[], record: Recorded): readonly Recorded[] {
  return [...ring.slice(Math.max(0, ring.length + 1 - RECORDED_MAX)), record];
}

/** The ring with those changed; the same ring where there are none, for they have made room. */
export function changed(
  ring: readonly Recorded[],
  those: (record: Recorded) => boolean,
  change: (before: Recorded) => Recorded,
): readonly Recorded[] {
  return ring.some(those) ? ring.map((record) => (those(record) ? change(record) : record)) : ring;
}
