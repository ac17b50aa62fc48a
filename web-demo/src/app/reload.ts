// Loading the page anew, but never into the browser's own "cannot be reached": only once it is known that there is somebody to load it from.
// A browser may keep a part that failed to load as failed (the HTML standard's module map does), so asking for the part again would not do.

export interface Surroundings {
  /** Whether the page could be loaded now. */
  answers: () => Promise<boolean>;
  /** Resolves when it is time for the next try. */
  pause: (failures: number) => Promise<void>;
  reload: () => void;
  now: () => number;
  /** When a page of this tab was last loaded anew by itself, in milliseconds since the epoch; 0 for never. */
  last: { read(): number; write(at: number): void };
}

/** A part that is still missing after a reload is not a matter of the line: from then on somebody must ask. */
export const APART_MS = 60_000;

/** Whether the page may be loaded anew unasked. */
export function mayReload({ now, last }: Surroundings): boolean {
  return Math.abs(now() - last.read()) > APART_MS;
}

/** Loads the page anew as soon as it can be had, unless that is called off before. */
export async function reloadWhenAnswered(around: Surroundings, isWanted: () => boolean): Promise<void> {
  for (let failures = 1; isWanted(); failures += 1) {
    if (await around.answers()) {
      if (!isWanted()) return;
      around.last.write(around.now());
      around.reload();
      return;
    }
    await around.pause(failures);
  }
}
