import { expect, test } from "vitest";

import type { Recorded } from "../../../graphql/recorder";
import { timing } from "../plan/samples";
import { timelineOf } from "./timeline";

const record = { startedAt: 1000, answeredAt: 1100 } as Recorded;

test("requests stand in the order in which they began, on the scale of the whole", () => {
  const timeline = timelineOf(record, [
    timing("2", "wallet", { startMs: 25, durationMs: 50 }),
    timing("1", "users", { startMs: 0, durationMs: 20 }),
  ]);
  expect(timeline?.bars.map(({ service, start, length }) => [service, start, length])).toEqual([
    [null, 0, 1],
    ["users", 0, 0.2],
    ["wallet", 0.25, 0.5],
  ]);
  expect(timeline).toMatchObject({ scaleMs: 100, besideMs: 25 });
});

test("a clock that disagrees makes no bar leave the scale", () => {
  const timeline = timelineOf(record, [timing("1", "users", { startMs: 10, durationMs: 190 })]);
  expect(timeline?.scaleMs).toBe(200);
  expect(timeline?.bars.every(({ start, length }) => start + length <= 1)).toBe(true);
});

test("what was answered without asking anybody has its own time only", () => {
  expect(timelineOf(record, [])).toMatchObject({ bars: [{ durationMs: 100 }], besideMs: null });
});

test("nothing is drawn of what is still under way", () => {
  expect(timelineOf({ ...record, answeredAt: null }, [])).toBeNull();
});
