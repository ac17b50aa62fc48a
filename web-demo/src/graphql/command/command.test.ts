import { describe, expect, it } from "vitest";
import { answered, edited, lost, ready, send } from "./command";
import { newKey } from "./key";
import { afterAnother, leavesOpen, silenceOf } from "./silence";

const failure = (...codes: string[]): Parameters<typeof silenceOf>[0] =>
  ({ networkError: undefined, graphQLErrors: codes.map((code) => ({ extensions: { code } })) }) as never;

describe("a command", () => {
  it("is sent once by a double click", () => {
    const first = send(ready("k1"));
    expect(first).toEqual({ state: "inFlight", key: "k1" });
    expect(first && send(first)).toBeNull();
  });

  it("is sent again under the same key after its answer was lost", () => {
    const unanswered = lost({ state: "inFlight", key: "k1" }, "unknown");
    expect(send(unanswered)).toEqual({ state: "inFlight", key: "k1" });
  });

  it("has a new key after an answer", () => {
    expect(answered("k2")).toEqual(ready("k2"));
  });

  it("has a new key once its input is edited after its answer was lost", () => {
    expect(edited(lost(ready("k1"), "offline"), "k2")).toEqual(ready("k2"));
  });

  it("keeps a key that nobody has seen yet, and the one that is on its way", () => {
    expect(edited(ready("k1"), "k2")).toEqual(ready("k1"));
    expect(edited({ state: "inFlight", key: "k1" }, "k2")).toEqual({ state: "inFlight", key: "k1" });
  });
});

describe("a key", () => {
  it("is a UUID in a secure context and out of it", () => {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) };
    expect(newKey()).toMatch(shape);
    expect(newKey(insecure)).toMatch(shape);
    expect(newKey(insecure)).not.toBe(newKey(insecure));
  });
});

describe("no answer", () => {
  it("leaves everything open where the network failed", () => {
    const broken = { networkError: new Error("Failed to fetch"), graphQLErrors: [] };
    expect(silenceOf(broken, true)).toBe("unknown");
    expect(silenceOf(broken, false)).toBe("offline");
  });

  it("may follow a command that was on its way when the network went", () => {
    expect((["offline", "unknown", "notBegun", "rejected"] as const).map(leavesOpen)).toEqual([true, true, false, false]);
  });

  it("says that nothing has begun, or never will, only where every error says so", () => {
    expect(silenceOf(failure("UNAVAILABLE"), true)).toBe("notBegun");
    expect(silenceOf(failure("BAD_USER_INPUT"), true)).toBe("rejected");
    expect(silenceOf(failure("UNAVAILABLE", "INTERNAL_SERVER_ERROR"), true)).toBe("unknown");
    expect(silenceOf(failure(), true)).toBe("unknown");
  });

  it("leaves open what an earlier one left open", () => {
    expect(afterAnother("unknown", "notBegun")).toBe("unknown");
    expect(afterAnother("notBegun", "notBegun")).toBe("notBegun");
    expect(afterAnother("notBegun", "unknown")).toBe("unknown");
    expect(afterAnother(null, "rejected")).toBe("rejected");
  });

  it("is no word about the mutation where what fails is read after it", () => {
    const below = { extensions: { code: "UNAVAILABLE" }, path: ["transfer", "to", "owner"] };
    expect(silenceOf({ networkError: undefined, graphQLErrors: [below] } as never, true)).toBe("unknown");
  });
});
