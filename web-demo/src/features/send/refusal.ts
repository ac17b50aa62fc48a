// What the API says to a payment that it does not take, by the field it concerns. Pure.
import { wrongInput } from "../../components/words";
import { tooMuch } from "./check";
import type { Problems } from "./flow";

interface Amount {
  readonly amount: number;
  readonly currency: string;
}

export type Refusal =
  | { readonly __typename: "InsufficientFunds"; readonly message: string; readonly available: Amount }
  | { readonly __typename: "InvalidInput"; readonly message: string; readonly field: string }
  | {
      readonly __typename:
        | "LimitExceeded"
        | "RecipientNotFound"
        | "SameWallet"
        | "WalletNotFound"
        | "WalletFrozen"
        | "WalletClosed"
        | "CurrencyMismatch"
        | "IdempotencyConflict";
      readonly message: string;
    };

export function problemsOf(refusal: Refusal): Problems {
  switch (refusal.__typename) {
    case "InsufficientFunds":
      return { amount: tooMuch(refusal.available) };
    case "LimitExceeded":
      return { amount: refusal.message };
    case "InvalidInput":
      return { [FIELDS[refusal.field] ?? "form"]: wrongInput(refusal.message) };
    case "RecipientNotFound":
      return { to: refusal.message };
    case "SameWallet":
      return { to: "This is you. Enter somebody else’s handle." };
    case "WalletNotFound":
    case "WalletFrozen":
    case "CurrencyMismatch":
      return { walletId: refusal.message };
    case "WalletClosed":
      return { form: refusal.message };
    case "IdempotencyConflict":
      return { form: "This payment was changed while it was being sent. Please check it and send it again." };
  }
}

/** The API's names of the input's fields. */
const FIELDS: Readonly<Record<string, keyof Problems>> = {
  amount: "amount",
  note: "note",
  to: "to",
  handle: "to",
  fromWalletId: "walletId",
};
