import { describe, expect, it } from "vitest";
import { formatMoney } from "../../money";
import { check, type WalletFacts } from "./check";
import type { Draft } from "./flow";
import type { Recipient } from "./recipient";

const wallet: WalletFacts = { id: "w1", currency: "USD", status: "OPEN", available: 5000 };
const bob: Recipient = { status: "found", person: { id: "u2", handle: "bob", displayName: "Bob", canReceive: true } };
const draft: Draft = { to: "@bob", walletId: "w1", amount: "12.34", note: " Lunch " };

const problems = (recipient: Recipient = bob, facts = wallet, more: Partial<Draft> = {}): unknown => {
  const checked = check({ ...draft, ...more }, recipient, facts);
  return checked.ok ? "none" : checked.problems;
};

describe("what can be sent", () => {
  it("is the payment exactly as it was entered", () => {
    expect(check(draft, bob, wallet)).toEqual({
      ok: true,
      payment: {
        to: { handle: "bob", displayName: "Bob" },
        walletId: "w1",
        amount: { amount: 1234, currency: "USD" },
        note: "Lunch",
      },
    });
  });

  it("may be all that is available, and not a cent more", () => {
    expect(problems(bob, wallet, { amount: "50.00" })).toBe("none");
    expect(problems(bob, wallet, { amount: "50.01" })).toEqual({
      amount: `Only ${formatMoney({ amount: 5000, currency: "USD" })} is available.`,
    });
  });

  it("is left to the API where the balance is not known", () => {
    expect(problems(bob, { ...wallet, available: null }, { amount: "50.01" })).toBe("none");
  });

  it("is told by field, all at once", () => {
    expect(Object.keys(problems({ status: "missing" }, { ...wallet, status: "FROZEN" }, { amount: "" }) as object)).toEqual([
      "to",
      "walletId",
      "amount",
    ]);
  });

  it("needs somebody who can be paid in this currency", () => {
    const person = { id: "u2", handle: "bob", displayName: "Bob", canReceive: false };
    expect(problems({ status: "noWallet", person })).toEqual({ to: "They have no USD wallet to be paid into." });
    expect(problems({ status: "oneself" })).toHaveProperty("to");
    expect(check(draft, { status: "looking" }, wallet).ok).toBe(false);
  });
});
