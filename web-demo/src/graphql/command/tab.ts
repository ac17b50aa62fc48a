// Where a tab keeps the keys of commands that have no answer yet: gone with the tab, and when its person signs out.
import type { Store } from "./lostKeys";

const NAME = "payflow.unanswered";

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Where the browser keeps nothing (it is full, or forbidden), the page does: a reload forgets it then, which is no reason not to pay. */
export function storeOf(kept: () => Kept): Store & { clear(): void } {
  let spare: string | null = null;
  return {
    read: () => spare ?? attempt(() => kept().getItem(NAME)) ?? null,
    write: (text) => {
      spare = text;
      attempt(() => {
        kept().setItem(NAME, text);
        spare = null;
      });
    },
    clear: () => {
      spare = null;
      attempt(() => kept().removeItem(NAME));
    },
  };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

export const tab = storeOf(() => sessionStorage);
