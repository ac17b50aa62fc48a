import { describe, expect, it } from "vitest";
import { formatMoney } from "../../money";
import { problemsOf, type Refusal } from "./refusal";

const money = { amount: 5000, currency: "USD" };
const plain = (name: Refusal["__typename"]): Refusal => ({ __typename: name, message: "Said by the API." }) as Refusal;

describe("a refusal", () => {
  it("says beside the amount what is available", () => {
    expect(problemsOf({ __typename: "InsufficientFunds", message: "", available: money })).toEqual({
      amount: `Only ${formatMoney(money)} is available.`,
    });
  });

  it("stands beside the field that the input's problem names, else above the form", () => {
    const invalid = (field: string): Refusal => ({ __typename: "InvalidInput", field, message: `${field} is wrong` });
    expect(problemsOf(invalid("note"))).toEqual({ note: "Note is wrong." });
    expect(problemsOf(invalid("idempotencyKey"))).toEqual({ form: "IdempotencyKey is wrong." });
  });

  it.each([
    ["LimitExceeded", "amount"],
    ["RecipientNotFound", "to"],
    ["SameWallet", "to"],
    ["WalletNotFound", "walletId"],
    ["WalletFrozen", "walletId"],
    ["CurrencyMismatch", "walletId"],
    ["WalletClosed", "form"],
    ["IdempotencyConflict", "form"],
  ] as const)("%s concerns %s", (name, field) => {
    expect(Object.keys(problemsOf(plain(name)))).toEqual([field]);
  });
});
