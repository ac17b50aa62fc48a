// Parts of the page that are loaded when they are gone to, and what it means that one cannot be had.
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

/** The code of a page did not come: the line is cut, or a new version was put in place. */
export class PartMissing extends Error {
  override readonly name = "PartMissing";
}

/** A page, or a panel beside it, of its own chunk. */
export function page<Props = object>(load: () => Promise<{ default: ComponentType<Props> }>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new PartMissing(cause instanceof Error ? cause.message : "a part of the page could not be loaded", { cause });
    }),
  );
}
