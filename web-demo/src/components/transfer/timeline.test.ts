import { describe, expect, it } from "vitest";
import { reasonOf } from "./failure";
import { type Step, timelineOf, tookMs } from "./timeline";

const names = { payer: "Alice", payee: "Bob" };

function step(name: string, status: Step["status"], more: Partial<Step> = {}): Step {
  const finishedAt = status === "RUNNING" ? null : "2026-11-22T13:05:00.020000Z";
  return { name, status, attempts: 1, startedAt: "2026-11-22T13:05:00.000000Z", finishedAt, error: null, ...more };
}

const told = (...args: Parameters<typeof timelineOf>): string[] => timelineOf(...args).map((one) => `${one.mark}: ${one.title}`);

describe("the timeline", () => {
  it("says before anything has begun what is to come", () => {
    expect(told("PENDING", [], names)).toEqual(["waiting: Set the money aside", "waiting: Pay Bob"]);
  });

  it("has the running step and the one after it", () => {
    expect(told("PENDING", [step("HOLD", "RUNNING")], names)).toEqual([
      "running: Setting the money aside in Alice’s wallet",
      "waiting: Pay Bob",
    ]);
  });

  it("speaks to the one who reads it", () => {
    const steps = [step("HOLD", "COMPENSATED"), step("CAPTURE", "FAILED")];
    expect(told("PENDING", [step("HOLD", "RUNNING")], { payer: "you", payee: "Bob" })[0]).toMatch(/in your wallet$/);
    expect(told("FAILED", steps, { payer: "Alice", payee: "you" })[1]).toBe("failed: You could not be paid");
  });

  it("ends with the payee paid", () => {
    expect(told("COMPLETED", [step("HOLD", "DONE"), step("CAPTURE", "DONE")], names)).toEqual([
      "done: Money set aside",
      "done: Paid to Bob",
    ]);
  });

  it("promises nothing after a refusal, and says why", () => {
    const timeline = timelineOf("FAILED", [step("HOLD", "FAILED", { error: "INSUFFICIENT_FUNDS" })], names);
    expect(timeline).toHaveLength(1);
    expect(timeline[0]).toMatchObject({ mark: "failed", detail: "There was not enough money in the wallet." });
  });

  it("tells the way back", () => {
    const steps = [step("HOLD", "COMPENSATED"), step("CAPTURE", "FAILED", { error: "WALLET_CLOSED" }), step("RELEASE", "DONE")];
    expect(told("FAILED", steps, names)).toEqual([
      "undone: Money set aside, then given back",
      "failed: Bob could not be paid",
      "done: Money back with Alice",
    ]);
  });

  it("does not announce a payment any more while the money is given back", () => {
    expect(told("PENDING", [step("HOLD", "FAILED"), step("RELEASE", "RUNNING")], names)).toHaveLength(2);
  });

  it("says that a step is asked again", () => {
    const [first] = timelineOf("PENDING", [step("HOLD", "RUNNING", { attempts: 3 })], names);
    expect(first?.detail).toBe("No answer yet, asking again (3 tries so far)");
  });

  it("knows how long a step took", () => {
    const [hold] = timelineOf("COMPLETED", [step("HOLD", "DONE")], names);
    expect(hold && tookMs(hold)).toBe(20);
    expect(tookMs(step("HOLD", "RUNNING"))).toBeNull();
  });
});

describe("a failure", () => {
  it("is told in plain words, also where its code is not known", () => {
    expect(reasonOf("WALLET_FROZEN")).toMatch(/frozen/);
    expect(reasonOf("SOMETHING_NEW")).toBe("It could not be carried out.");
    expect(reasonOf(null)).toBe("It could not be carried out.");
  });
});
