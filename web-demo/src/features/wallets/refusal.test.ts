import { describe, expect, it } from "vitest";
import { formatMoney } from "../../money";
import { refusalOf } from "./refusal";

describe("a refusal", () => {
  it("says beside the amount what is available", () => {
    const available = { amount: 5000, currency: "USD" };
    expect(refusalOf({ __typename: "InsufficientFunds", message: "…", available })).toEqual({
      about: "amount",
      message: `Only ${formatMoney(available)} is available.`,
    });
  });

  it("speaks of no minor units", () => {
    const message = "amount must be between 1 and 1000000000000000 minor units, got 9007199254740991";
    expect(refusalOf({ __typename: "InvalidInput", field: "amount", message })).toEqual({
      about: "amount",
      message: "This is more than can be moved at once.",
    });
  });

  it("stands beside the amount only where it concerns the amount", () => {
    const past = "amount would take the wallet past the most that one may hold; send less";
    expect(refusalOf({ __typename: "InvalidInput", field: "amount", message: past }).message).toMatch(/^Amount would/);
    expect(refusalOf({ __typename: "InvalidInput", field: "walletId", message: "x" }).about).toBe("form");
    expect(refusalOf({ __typename: "WalletFrozen", message: "Frozen." })).toEqual({ about: "form", message: "Frozen." });
  });
});
