// How long is waited between two tries, and who is told when the line is back.
import { beforeEach, expect, it, vi } from "vitest";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);
const { Connection, pauseAfter } = await import("./connection");

let line: InstanceType<typeof Connection>;
let restored = 0;
beforeEach(() => {
  vi.useFakeTimers();
  restored = 0;
  line = new Connection(true);
  line.onRestored(() => (restored += 1));
  return () => vi.useRealTimers();
});

it("waits twice as long each time, up to a bound, and never as one with others", () => {
  expect([0, 1, 2, 3, 20].map((failures) => pauseAfter(failures, () => 1))).toEqual([0, 250, 500, 1000, 15_000]);
  expect(pauseAfter(3, () => 0)).toBe(500);
});

it("says reconnecting only while somebody needs the line", () => {
  line.opened();
  expect(line.state).toBe("live");
  line.closed(false);
  expect(line.state).toBe("idle");
  line.closed(true);
  expect(line.state).toBe("reconnecting");
});

it("tells once when the line is back after a drop, and not when it opens at first", () => {
  line.opened();
  expect(restored).toBe(0);
  line.closed(true);
  line.opened();
  line.opened();
  expect(restored).toBe(1);
});

it("tries nothing while there is no network, and at once when it is back", async () => {
  line.wentOffline();
  expect(line.state).toBe("offline");
  const done = vi.fn();
  void line.pause(0).then(done);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(done).not.toHaveBeenCalled();
  line.wentOnline();
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toHaveBeenCalledOnce();
  expect(restored).toBe(1);
});

it("ends the pauses of all at once: when the first tries, and when the line is back", async () => {
  const [soon, late, later] = [vi.fn(), vi.fn(), vi.fn()];
  void line.pause(1).then(soon);
  void line.pause(20).then(late);
  await vi.advanceTimersByTimeAsync(250);
  expect(soon).toHaveBeenCalledOnce();
  expect(late).toHaveBeenCalledOnce();
  void line.pause(20).then(later);
  line.opened();
  await vi.advanceTimersByTimeAsync(0);
  expect(later).toHaveBeenCalledOnce();
});

it("knows for how long the line stood, and that an attempt is no line", async () => {
  const asked = performance.now();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(line.stoodSince(asked)).toBe(0);
  line.opened();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(line.stoodSince(asked)).toBe(3_000);
  line.closed(true);
  await vi.advanceTimersByTimeAsync(9_000);
  line.closed(true);
  expect(line.stoodSince(asked)).toBe(3_000);
  expect(line.stoodSince(performance.now())).toBe(0);
});
