import { expect, it } from "vitest";
import { type Unanswered, unansweredOf } from "./unanswered";

const unanswered: Unanswered = {
  payment: {
    to: { handle: "bob", displayName: "Bob" },
    walletId: "w1",
    amount: { amount: 1234, currency: "USD" },
    note: "Lunch",
  },
  draft: { to: "@bob", walletId: "w1", amount: "12.34", note: "Lunch" },
};

it("is a payment as it was sent, after a reload, too", () => {
  expect(unansweredOf(JSON.parse(JSON.stringify(unanswered)))).toEqual(unanswered);
});

it("is none where something else stands in its place", () => {
  for (const content of [undefined, null, "{", {}, { payment: {} }, { payment: unanswered.payment }]) {
    expect(unansweredOf(content)).toBeNull();
  }
});
