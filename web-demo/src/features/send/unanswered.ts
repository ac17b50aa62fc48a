/*
 * A payment on its way, remembered by the tab until its answer is there: a page that is reloaded meanwhile can ask for the answer under
 * the same key instead of paying again. It is the person's own, and gone with the tab.
 */
import type { Draft, Payment } from "./flow";

export interface Unanswered {
  readonly userId: string;
  readonly key: string;
  readonly payment: Payment;
  readonly draft: Draft;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const NAME = "payflow.unanswered-payment";

/** Where the browser keeps nothing, a reload forgets it: that is no reason not to pay. */
export function remember(unanswered: Unanswered, store: Store = sessionStorage): void {
  try {
    store.setItem(NAME, JSON.stringify(unanswered));
  } catch {
    // full, or forbidden
  }
}

export function forget(store: Store = sessionStorage): void {
  store.removeItem(NAME);
}

/** Null where there is none, or where it is another person's who was signed in here before. */
export function recall(userId: string, store: Store = sessionStorage): Unanswered | null {
  const unanswered = parse(store.getItem(NAME));
  return unanswered?.userId === userId ? unanswered : null;
}

/** What an older version of the page wrote there is nothing that can be shown. */
function parse(text: string | null): Unanswered | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Unanswered> | null;
    const isWhole = typeof kept?.key === "string" && kept.payment?.amount !== undefined && kept.draft !== undefined;
    return isWhole ? (kept as Unanswered) : null;
  } catch {
    return null;
  }
}
