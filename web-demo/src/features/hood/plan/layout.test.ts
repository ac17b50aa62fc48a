import { describe, expect, test } from "vitest";

import { type Box, type Direction, type Drawing, layOut, type Point } from "./layout";
import { entities, HOME, root } from "./samples";
import { shapeOf } from "./shape";
import type { PlanNode } from "./told";

const DEFERRED: PlanNode = {
  kind: "Defer",
  primary: { node: HOME },
  deferred: [
    { label: "a", queryPath: ["me"], node: entities("7", "rewards", { type: "User", path: "me" }) },
    { queryPath: ["me", "wallets"] },
  ],
};
const WIDE: PlanNode = {
  kind: "Sequence",
  nodes: [
    { kind: "Parallel", nodes: Array.from({ length: 5 }, (_, index) => root(`r${index}`, "users", "{me{id}}")) },
    { kind: "Parallel", nodes: Array.from({ length: 3 }, (_, index) => entities(`e${index}`, "wallet", { type: "User", path: "me" })) },
  ],
};
const DIRECTIONS: readonly Direction[] = ["right", "down"];
const CASES = [HOME, DEFERRED, WIDE, root("0", "users", "{me{id}}")].flatMap((plan) =>
  DIRECTIONS.map((direction) => ({ plan, direction })),
);

function overlap(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

function drawn({ plan, direction }: { plan: PlanNode; direction: Direction }): Drawing {
  return layOut(shapeOf(plan, null), direction);
}

describe.each(CASES)("a plan that goes $direction", (given) => {
  const drawing = drawn(given);
  const boxes = drawing.cards.map(({ box }) => box);

  test("has no request over another", () => {
    boxes.forEach((one, index) => expect(boxes.slice(index + 1).filter((other) => overlap(one, other))).toEqual([]));
  });

  test("stays on its sheet", () => {
    const inside = ({ x, y, width, height }: Box) => x >= 0 && y >= 0 && x + width <= drawing.width && y + height <= drawing.height;
    expect([...boxes, ...drawing.frames.map(({ box }) => box)].filter((box) => !inside(box))).toEqual([]);
  });

  test("leads forward only", () => {
    const along = (point: Point) => (given.direction === "right" ? point.x : point.y);
    expect(drawing.edges.filter(({ from, to }) => along(to) <= along(from))).toEqual([]);
  });
});

test("every request of one stage is waited for by every one of the next, through one joint", () => {
  const { edges, joints } = drawn({ plan: WIDE, direction: "right" });
  expect([edges.length, joints.length]).toEqual([5 + 3, 1]);
});

test("a single request has no edges", () => {
  expect(drawn({ plan: root("0", "users", "{me{id}}"), direction: "down" })).toMatchObject({ edges: [], joints: [], frames: [] });
});

test("a frame surrounds what happens in it", () => {
  const { frames, cards } = drawn({ plan: DEFERRED, direction: "down" });
  const atOnce = frames.find(({ label }) => label === "at once")?.box;
  const within = cards.filter(({ box }) => atOnce !== undefined && overlap(atOnce, box));
  expect(within.length).toBe(6);
});
