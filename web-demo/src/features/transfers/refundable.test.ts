import { describe, expect, it } from "vitest";
import { refundableBy } from "./refundable";

const usd = (amount: number) => ({ amount, currency: "USD" });
const paid = { kind: "PAYMENT", status: "COMPLETED", amount: usd(1000), refunded: usd(0), refunds: [] } as const;

describe("what can be given back", () => {
  it("is all of a completed payment, by who was paid", () => {
    expect(refundableBy(true, paid)).toEqual(usd(1000));
    expect(refundableBy(false, paid)).toBeNull();
  });

  it("is what is left of it, refunds on their way taken off and failed ones not", () => {
    const refunds = [
      { status: "COMPLETED", amount: usd(300) },
      { status: "PENDING", amount: usd(200) },
      { status: "FAILED", amount: usd(400) },
    ] as const;
    expect(refundableBy(true, { ...paid, refunded: usd(300), refunds })).toEqual(usd(500));
  });

  it("is nothing of a payment that has been given back, is on its way or has failed, and of a refund", () => {
    expect(refundableBy(true, { ...paid, refunded: usd(1000) })).toBeNull();
    expect(refundableBy(true, { ...paid, status: "PENDING" })).toBeNull();
    expect(refundableBy(true, { ...paid, status: "FAILED" })).toBeNull();
    expect(refundableBy(true, { ...paid, kind: "REFUND" })).toBeNull();
  });
});
