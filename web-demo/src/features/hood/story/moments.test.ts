import { describe, expect, test } from "vitest";

import { type EventFacts, instant, storyOf, type TransferFacts } from "./moments";

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();

const EVENT: EventFacts = {
  id: "e1",
  type: "transfer.completed.v1",
  topic: "transfers.v1",
  recordedAt: at(30),
  sequencedAt: at(32),
  position: "7",
  published: true,
  publishedAt: at(40),
  partition: 3,
  offset: "12",
};
const TRANSFER: TransferFacts = {
  createdAt: at(0),
  completedAt: at(30),
  status: "COMPLETED",
  failureCode: null,
  steps: [
    { name: "HOLD", status: "DONE", attempts: 1, startedAt: at(1), finishedAt: at(15), error: null },
    { name: "CAPTURE", status: "DONE", attempts: 2, startedAt: at(15), finishedAt: at(30), error: null },
  ],
  events: [EVENT],
  reward: { createdAt: at(70), amount: { formatted: "$1.00" } },
};

describe("the story of a transfer", () => {
  test("goes from the saga through the log and the broker to what consumers made of it", () => {
    const { moments, scaleMs } = storyOf(TRANSFER, [{ id: "n1", title: "You paid Bob", createdAt: at(80) }]);
    expect(moments.map(({ lane, title, startMs, endMs }) => [lane, title, startMs, endMs])).toEqual([
      ["transactions", "Accepted", 0, 0],
      ["transactions", "HOLD", 1, 15],
      ["transactions", "CAPTURE", 15, 30],
      ["transactions", "Completed", 30, 30],
      ["event log", "transfer.completed.v1", 30, 32],
      ["kafka", "transfer.completed.v1", 32, 40],
      ["rewards", "Reward issued", 70, 70],
      ["notifications", "Notification written", 80, 80],
    ]);
    expect(scaleMs).toBe(80);
  });

  test("says where in Kafka an event stands, and how often a step was tried", () => {
    const details = storyOf(TRANSFER, []).moments.map(({ detail }) => detail);
    expect(details).toContain("transfers.v1, partition 3, offset 12");
    expect(details).toContain("DONE, 2 tries");
  });

  test("leaves open what is under way", () => {
    const waiting = { ...EVENT, sequencedAt: null, position: null, published: false, publishedAt: null, partition: null, offset: null };
    const running = { name: "HOLD", status: "RUNNING", attempts: 1, startedAt: at(1), finishedAt: null, error: null };
    const { moments } = storyOf(
      { ...TRANSFER, completedAt: null, status: "PENDING", steps: [running], events: [waiting], reward: null },
      [],
    );
    expect(moments.map(({ title, endMs }) => [title, endMs])).toEqual([
      ["Accepted", 0],
      ["HOLD", null],
      ["transfer.completed.v1", null],
    ]);
  });

  test("tells why it failed", () => {
    const failed = { name: "HOLD", status: "FAILED", attempts: 1, startedAt: at(1), finishedAt: at(9), error: "INSUFFICIENT_FUNDS" };
    const { moments } = storyOf(
      { ...TRANSFER, completedAt: null, status: "FAILED", failureCode: "INSUFFICIENT_FUNDS", steps: [failed], events: [], reward: null },
      [],
    );
    expect(moments.at(-1)).toMatchObject({ title: "Failed", detail: "INSUFFICIENT_FUNDS", startMs: 9, isFailure: true });
  });

  test("tells a payee that it failed, and not why", () => {
    const failed = { name: "HOLD", status: "FAILED", attempts: 1, startedAt: at(1), finishedAt: at(9), error: null };
    const { moments } = storyOf({ ...TRANSFER, completedAt: null, status: "FAILED", steps: [failed], events: [], reward: null }, []);
    expect(moments.at(-1)).toMatchObject({ title: "Failed", detail: null, startMs: 9, isFailure: true });
  });

  test("keeps a refund of next week off the scale", () => {
    const refunded = {
      ...EVENT,
      id: "e2",
      type: "transfer.refunded.v1",
      recordedAt: at(6e8),
      sequencedAt: at(6e8 + 2),
      publishedAt: at(6e8 + 9),
    };
    const { later, scaleMs } = storyOf({ ...TRANSFER, events: [EVENT, refunded] }, []);
    expect([later.length, scaleMs]).toEqual([2, 70]);
  });
});

test("microseconds count", () => {
  expect(instant("2026-01-01T00:00:00.001234Z") - instant("2026-01-01T00:00:00.001Z")).toBeCloseTo(0.234, 3);
  expect(instant("2026-01-01T00:00:00Z")).toBe(Date.UTC(2026, 0, 1));
});
