import { expect, it } from "vitest";
import { LOST_MS, LostKeys } from "./lostKeys";

it("is the same key for the same command until that is answered, and another for another", () => {
  const lost = new LostKeys();
  expect(lost.keyFor("top up 5", "k1")).toBe("k1");
  lost.sent("top up 5", "k1");
  expect(lost.keyFor("top up 5", "k2")).toBe("k1");
  expect(lost.keyFor("top up 6", "k3")).toBe("k3");
  lost.answered("top up 5");
  expect(lost.keyFor("top up 5", "k4")).toBe("k4");
});

it("is another one for who does the same much later", () => {
  let now = 0;
  const lost = new LostKeys(() => now);
  lost.sent("top up 5", "k1");
  now = LOST_MS;
  expect(lost.keyFor("top up 5", "k2")).toBe("k2");
});

it("forgets the oldest of too many", () => {
  const lost = new LostKeys();
  for (let number = 0; number <= 20; number += 1) lost.sent(`top up ${String(number)}`, `k${String(number)}`);
  expect(lost.keyFor("top up 0", "fresh")).toBe("fresh");
  expect(lost.keyFor("top up 1", "fresh")).toBe("k1");
});
