// What the API says to an amount that it does not move. Pure.
import type { Refusal } from "../../components";
import { type Amount, formatMoney } from "../../money";

export type Answer =
  | { readonly __typename: "InsufficientFunds"; readonly message: string; readonly available: Amount }
  | { readonly __typename: "InvalidInput"; readonly message: string; readonly field: string }
  | {
      readonly __typename: "WalletNotFound" | "WalletFrozen" | "WalletClosed" | "CurrencyMismatch" | "IdempotencyConflict";
      readonly message: string;
    };

export function refusalOf(answer: Answer): Refusal {
  switch (answer.__typename) {
    case "InsufficientFunds":
      return { about: "amount", message: `Only ${formatMoney(answer.available)} is available.` };
    case "InvalidInput":
      return { about: answer.field === "amount" ? "amount" : "form", message: inWords(answer) };
    default:
      return { about: "form", message: answer.message };
  }
}

/** The API counts in minor units, of which people know nothing. */
function inWords({ field, message }: Answer & { __typename: "InvalidInput" }): string {
  if (field === "amount" && message.includes("minor units")) return "This is more than can be moved at once.";
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
