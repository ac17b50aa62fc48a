// What the API says to a refund that it does not make. Pure.
import type { Refusal } from "../../components";
import { wrongInput } from "../../components/words";
import { type Amount, formatMoney } from "../../money";

export type Answer =
  | { readonly __typename: "InsufficientFunds"; readonly message: string; readonly available: Amount }
  | { readonly __typename: "InvalidInput"; readonly message: string; readonly field: string }
  | {
      readonly __typename:
        "TransferNotFound" | "NotRefundable" | "CurrencyMismatch" | "WalletFrozen" | "WalletClosed" | "IdempotencyConflict";
      readonly message: string;
    };

export function refusalOf(answer: Answer): Refusal {
  switch (answer.__typename) {
    case "InsufficientFunds":
      return { about: "amount", message: `Only ${formatMoney(answer.available)} is available in your wallet.` };
    case "InvalidInput":
      return { about: answer.field === "amount" ? "amount" : "form", message: wrongInput(answer.message) };
    case "NotRefundable":
    case "CurrencyMismatch":
      return { about: "amount", message: answer.message };
    default:
      return { about: "form", message: answer.message };
  }
}
