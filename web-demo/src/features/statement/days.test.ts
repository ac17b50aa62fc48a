import { describe, expect, it } from "vitest";
import { byDay, dateOf } from "./days";

const at = (day: number, hour: number) => ({ createdAt: new Date(2026, 0, day, hour).toISOString() });

describe("entries by day", () => {
  it("stand together where the reader's calendar has them on one day, in their order", () => {
    const entries = [at(31, 23), at(31, 0), at(30, 23)];
    expect(byDay(entries)).toEqual([
      { date: "2026-01-31", entries: [entries[0], entries[1]] },
      { date: "2026-01-30", entries: [entries[2]] },
    ]);
  });

  it("are none where there is none", () => {
    expect(byDay([])).toEqual([]);
  });

  it("are told apart by the reader's day, not by that of Greenwich", () => {
    expect(dateOf(new Date(2026, 0, 5, 0, 30).toISOString())).toBe("2026-01-05");
  });
});
