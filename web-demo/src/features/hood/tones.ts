// A colour of its own for each service, the same everywhere while the page is open.
import type { CSSProperties } from "react";

const HUES = [255, 45, 155, 310, 195, 90, 350, 220, 20, 125];
const given = new Map<string, number>();

/** A custom property that the styles beside each view make a colour of that both themes can read. */
export function toneOf(service: string): CSSProperties {
  const hue = given.get(service) ?? HUES[given.size % HUES.length] ?? 0;
  given.set(service, hue);
  return { "--hue": hue } as CSSProperties;
}
