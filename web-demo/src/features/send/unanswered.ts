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

export function remember(unanswered: Unanswered, store: Store = sessionStorage): void {
  store.setItem(NAME, JSON.stringify(unanswered));
}

export function forget(store: Store = sessionStorage): void {
  store.removeItem(NAME);
}

/** Null where there is none, or where it is another person's who was signed in here before. */
export function recall(userId: string, store: Store = sessionStorage): Unanswered | null {
  const text = store.getItem(NAME);
  if (text === null) return null;
  const unanswered = JSON.parse(text) as Unanswered;
  return unanswered.userId === userId ? unanswered : null;
}
