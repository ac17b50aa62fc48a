import { describe, expect, it } from "vitest";
import { forget, recall, remember, type Unanswered } from "./unanswered";

function memory(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

const unanswered: Unanswered = {
  userId: "u1",
  key: "k1",
  payment: {
    to: { handle: "bob", displayName: "Bob" },
    walletId: "w1",
    amount: { amount: 1234, currency: "USD" },
    note: "Lunch",
  },
  draft: { to: "@bob", walletId: "w1", amount: "12.34", note: "Lunch" },
};

describe("a payment without an answer", () => {
  it("is recalled with its key, by its payer only", () => {
    const store = memory();
    remember(unanswered, store);
    expect(recall("u1", store)).toEqual(unanswered);
    expect(recall("u2", store)).toBeNull();
  });

  it("is none where something else stands in its place", () => {
    for (const text of ["{", "null", '{"userId":"u1"}']) {
      expect(recall("u1", { ...memory(), getItem: () => text })).toBeNull();
    }
  });

  it("does not fail where the browser keeps nothing", () => {
    const full = () => {
      throw new Error("QuotaExceededError");
    };
    expect(() => remember(unanswered, { ...memory(), setItem: full })).not.toThrow();
  });

  it("is forgotten once it has been answered", () => {
    const store = memory();
    remember(unanswered, store);
    forget(store);
    expect(recall("u1", store)).toBeNull();
  });
});
