// When a page is loaded anew: not before somebody answers, not for whoever has gone elsewhere, and not over and over.
import { expect, it, vi } from "vitest";
import { APART_MS, mayReload, reloadWhenAnswered, type Surroundings } from "./reload";

function world(answers: boolean[]) {
  let lastAt = 0;
  const around = {
    answers: vi.fn(() => Promise.resolve(answers.shift() ?? true)),
    pause: vi.fn<Surroundings["pause"]>(() => Promise.resolve()),
    reload: vi.fn(),
    now: () => 1_000_000,
    last: { read: () => lastAt, write: (at: number) => void (lastAt = at) },
  } satisfies Surroundings;
  return around;
}

it("waits until somebody answers, with longer and longer pauses", async () => {
  const around = world([false, false, true]);
  await reloadWhenAnswered(around, () => true);
  expect(around.pause.mock.calls).toEqual([[1], [2]]);
  expect(around.reload).toHaveBeenCalledOnce();
});

it("leaves whoever has gone elsewhere meanwhile where they are", async () => {
  const around = world([false, true]);
  let wanted = true;
  around.pause.mockImplementation(() => Promise.resolve(void (wanted = false)));
  await reloadWhenAnswered(around, () => wanted);
  expect(around.reload).not.toHaveBeenCalled();
});

it("is not done unasked again right after it was done", async () => {
  const around = world([true]);
  expect(mayReload(around)).toBe(true);
  await reloadWhenAnswered(around, () => true);
  expect(mayReload(around)).toBe(false);
  expect(mayReload({ ...around, now: () => 1_000_001 + APART_MS })).toBe(true);
});
