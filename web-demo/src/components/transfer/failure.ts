// Why a transfer did not go through, in plain words, by its failure code. Pure.

/** Nothing has moved when a transfer has failed: the saga says so only when it is certain. */
export const NOTHING_TAKEN = "Nothing was taken from the wallet.";

const REASONS: Readonly<Record<string, string>> = {
  INSUFFICIENT_FUNDS: "There was not enough money in the wallet.",
  LIMIT_EXCEEDED: "It was more than may be sent at the moment.",
  WALLET_FROZEN: "The wallet is frozen: no money can leave it for now.",
  WALLET_CLOSED: "One of the two wallets has been closed.",
  PAYEE_CLOSED: "The recipient’s wallet has been closed.",
  WALLET_NOT_FOUND: "One of the two wallets does not exist any more.",
  RECIPIENT_NOT_FOUND: "The recipient could not be found any more.",
  CURRENCY_MISMATCH: "The two wallets hold different currencies.",
  SAME_WALLET: "A wallet cannot pay itself.",
  HOLD_EXPIRED: "It took too long to be carried out.",
  HOLD_CANCELLED: "We could not reach the wallet in time, so we stopped.",
  HOLD_RELEASED: "The money that was set aside had been given back already.",
  CANCELLED_BY_OPERATOR: "Our support stopped it.",
};

/** A sentence for every code; one that is not known here is told without a reason. */
export function reasonOf(failureCode: string | null): string {
  return REASONS[failureCode ?? ""] ?? "It could not be carried out.";
}

/** Whether the very same payment may go through if it is sent again a little later. */
export function mayWorkLater(failureCode: string | null): boolean {
  return failureCode === null || LATER.has(failureCode);
}

const LATER: ReadonlySet<string> = new Set(["HOLD_EXPIRED", "HOLD_CANCELLED", "HOLD_RELEASED", "LIMIT_EXCEEDED"]);
