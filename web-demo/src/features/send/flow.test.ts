import { describe, expect, it } from "vitest";
import { advance, type Draft, editing, EMPTY, type Flow, type FlowAction, type Payment } from "./flow";

const draft: Draft = { to: "bob", walletId: "w1", amount: "12.34", note: "" };
const payment: Payment = {
  to: { handle: "bob", displayName: "Bob" },
  walletId: "w1",
  amount: { amount: 1234, currency: "USD" },
  note: null,
};
const review = advance(editing(draft), { type: "reviewed", payment });
const following = advance(review, { type: "sent", transferId: "t1" });

describe("sending money", () => {
  it("goes from the form by the review to the transfer", () => {
    expect(review).toMatchObject({ step: "review", payment });
    expect(following).toMatchObject({ step: "following", transferId: "t1", payment });
  });

  it("comes back from the review with everything as it was entered", () => {
    expect(advance(review, { type: "back" })).toEqual(editing(draft, {}, true));
  });

  it("comes back to the field that a refusal concerns", () => {
    const refused = advance(review, { type: "refused", problems: { amount: "Too much." } });
    expect(refused).toEqual(editing(draft, { amount: "Too much." }, true));
    expect(advance(editing(draft), { type: "refused", problems: {} })).toEqual(editing(draft));
  });

  it("forgets the problem of a field that is changed, and that of the form, and no other", () => {
    const refused = editing(draft, { amount: "Too much.", to: "Nobody.", form: "Changed meanwhile." });
    const changed = advance(refused, { type: "typed", field: "amount", value: "1" });
    expect(changed).toEqual(editing({ ...draft, amount: "1" }, { to: "Nobody." }));
  });

  it("begins again with what was sent", () => {
    expect(advance(following, { type: "again" })).toEqual(editing(draft, {}, true));
  });

  it("is not moved by what does not belong to its step", () => {
    const stray: [Flow, FlowAction][] = [
      [editing(EMPTY), { type: "sent", transferId: "t1" }],
      [review, { type: "typed", field: "amount", value: "999" }],
      [following, { type: "back" }],
      [following, { type: "refused", problems: {} }],
      [following, { type: "reviewed", payment }],
    ];
    for (const [flow, action] of stray) expect(advance(flow, action)).toBe(flow);
  });
});
