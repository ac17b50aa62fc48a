// Campaigns in words.
import { expect, it } from "vitest";
import { percentOf, seasonOf, standingOf, termsOf } from "./offer";

const campaign = { rate: 150, currency: "USD", cap: null, minimum: null, startsAt: "2026-11-01T00:00:00Z", endsAt: null };

it("writes basis points as percent", () => {
  expect([100, 150, 5, 10_000].map((rate) => percentOf(rate, "en-US"))).toEqual(["1%", "1.5%", "0.05%", "100%"]);
});

it("says the minimum and the cap where there is one", () => {
  const usd = (amount: number) => ({ amount, currency: "USD" });
  expect(termsOf(campaign)).toBe("1.5% back on every USD payment.");
  expect(termsOf({ ...campaign, minimum: usd(1000), cap: usd(500) })).toBe(
    "1.5% back on every USD payment from $10.00, at most $5.00 each.",
  );
});

it("runs from its start until just before its end", () => {
  const ends = { ...campaign, endsAt: "2026-12-01T00:00:00Z" };
  expect(seasonOf(ends, Date.parse("2026-10-31T23:59:59Z"))).toBe("coming");
  expect(seasonOf(ends, Date.parse("2026-11-01T00:00:00Z"))).toBe("running");
  expect(seasonOf(ends, Date.parse("2026-12-01T00:00:00Z"))).toBe("over");
  expect(seasonOf(campaign, Date.parse("2036-01-01T00:00:00Z"))).toBe("running");
});

it("knows how a reward stands, and what it does not know", () => {
  expect(standingOf("ISSUED")?.label).toBe("In your wallet");
  expect(standingOf("FROZEN_SOLID")).toBeNull();
});
