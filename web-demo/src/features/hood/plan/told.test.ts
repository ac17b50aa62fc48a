import { expect, test } from "vitest";

import { readTold } from "./told";

test("all that the router tells is read", () => {
  const told = readTold({
    queryPlan: { object: { kind: "QueryPlan", node: { kind: "Fetch" } }, text: "QueryPlan {}", fetches: [] },
    cost: { estimated: 791, actual: 15, max: 10000, bySubgraph: { users: { estimated: 11, actual: 2 } } },
    rateLimit: { requestRate: 15, remaining: 185, limit: 200, resetAfterMs: 9, plan: "signed-in", unit: "cost" },
  });
  expect(told.plan).toEqual({ root: { kind: "Fetch" }, text: "QueryPlan {}", fetches: [] });
  expect(told.cost).toEqual({ estimated: 791, actual: 15, max: 10000, bySubgraph: [{ name: "users", estimated: 11, actual: 2 }] });
  expect(told.budget).toMatchObject({ remaining: 185, limit: 200, plan: "signed-in" });
});

test("of a dry run the plan says what it would cost", () => {
  const told = readTold({ queryPlan: { object: { kind: "QueryPlan" }, cost: { estimated: 3, bySubgraph: { users: 3 } } } });
  expect(told.plan).toEqual({ root: null, text: "", fetches: null });
  expect(told.cost).toEqual({ estimated: 3, actual: null, max: null, bySubgraph: [{ name: "users", estimated: 3, actual: null }] });
});

test.each([{}, { queryPlan: 1, cost: [], rateLimit: null }, { queryPlan: {}, rateLimit: { remaining: "many" } }])(
  "nothing is made up of %j",
  (extensions) => {
    expect(readTold(extensions)).toEqual({ plan: null, cost: null, budget: null });
  },
);
