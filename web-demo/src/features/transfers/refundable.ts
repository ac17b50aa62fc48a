// How much of a transfer the reader can give back. Pure.
import type { Amount } from "../../money";

interface Transfer {
  readonly kind: "PAYMENT" | "REFUND";
  readonly status: "PENDING" | "COMPLETED" | "FAILED";
  readonly amount: Amount;
  readonly refunded: Amount;
  readonly refunds: readonly { readonly status: "PENDING" | "COMPLETED" | "FAILED"; readonly amount: Amount }[];
}

/** What is left of a completed payment to the reader, refunds that are on their way taken off; null where there is nothing to give back. */
export function refundableBy(incoming: boolean, { kind, status, amount, refunded, refunds }: Transfer): Amount | null {
  if (!incoming || kind !== "PAYMENT" || status !== "COMPLETED") return null;
  const onTheirWay = refunds.filter((refund) => refund.status === "PENDING").reduce((sum, refund) => sum + refund.amount.amount, 0);
  const left = amount.amount - refunded.amount - onTheirWay;
  return left > 0 ? { amount: left, currency: amount.currency } : null;
}
