import { describe, expect, it } from "vitest";
import { addressOf, argumentsOf, EVERYTHING, filterOf, isEverything, problemOf, SHOWS } from "./filter";

describe("a statement's filter", () => {
  it("is everything where the address says nothing, or nonsense", () => {
    expect(filterOf(new URLSearchParams())).toEqual(EVERYTHING);
    expect(filterOf(new URLSearchParams("show=toString&from=yesterday&to=2026-13-40"))).toEqual(EVERYTHING);
  });

  it("comes back from the address as it went there", () => {
    const filter = { show: "rewards", from: "2026-01-01", to: "2026-01-31" } as const;
    expect(filterOf(addressOf(filter))).toEqual(filter);
    expect(addressOf(EVERYTHING).toString()).toBe("");
    expect([isEverything(EVERYTHING), isEverything(filter)]).toEqual([true, false]);
  });

  it("asks for whole days of the reader's calendar, the last one included", () => {
    const { since, until } = argumentsOf({ show: "all", from: "2026-01-31", to: "2026-01-31" });
    expect(since).toBe(new Date(2026, 0, 31).toISOString());
    expect(until).toBe(new Date(2026, 1, 1).toISOString());
  });

  it("asks for all kinds by naming none, and for groups by their kinds", () => {
    expect(argumentsOf(EVERYTHING)).toEqual({ kinds: null, since: null, until: null });
    expect(argumentsOf({ ...EVERYTHING, show: "refunds" }).kinds).toEqual(["REFUND_IN", "REFUND_OUT"]);
    for (const { value } of SHOWS) expect(() => argumentsOf({ ...EVERYTHING, show: value })).not.toThrow();
  });

  it("says that days are the wrong way round", () => {
    expect(problemOf({ ...EVERYTHING, from: "2026-02-01", to: "2026-01-01" })).toMatch(/before/);
    expect(problemOf({ ...EVERYTHING, from: "2026-02-01", to: "2026-02-01" })).toBeNull();
    expect(problemOf({ ...EVERYTHING, to: "2026-02-01" })).toBeNull();
  });
});
