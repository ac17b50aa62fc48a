import { describe, expect, it } from "vitest";
import { firstStepsOf } from "./firstSteps";

const wallet = (amount: number) => ({ id: "w1", currency: "USD", balance: { total: { amount } } });
const done = (...args: Parameters<typeof firstStepsOf>) => firstStepsOf(...args)?.map((step) => step.done);

describe("the first steps", () => {
  it("are to open a wallet, to top it up and to send", () => {
    expect(done([], false)).toEqual([false, false, false]);
    expect(done([wallet(0)], false)).toEqual([true, false, false]);
    expect(done([wallet(0), wallet(5)], false)).toEqual([true, true, false]);
  });

  it("lead to the wallet to top up", () => {
    expect(firstStepsOf([wallet(0)], false)?.[1]?.wallet?.id).toBe("w1");
  });

  it("are over with the first transfer", () => {
    expect(firstStepsOf([wallet(5)], true)).toBeNull();
  });

  it("are not told to somebody whose wallets are not known", () => {
    expect(firstStepsOf(null, false)).toBeNull();
  });
});
