// A payment on its way as the tab remembers it, so that a page that is loaded anew shows it again instead of an empty form. Pure.
import type { Draft, Payment } from "./flow";

export interface Unanswered {
  readonly payment: Payment;
  readonly draft: Draft;
}

/** What an older version of the page wrote there is nothing that can be shown. */
export function unansweredOf(content: unknown): Unanswered | null {
  const { payment, draft } = (content ?? {}) as Partial<Unanswered>;
  return payment?.amount !== undefined && draft !== undefined ? { payment, draft } : null;
}
