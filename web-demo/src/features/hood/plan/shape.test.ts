import { describe, expect, test } from "vitest";

import { HOME, root, timing } from "./samples";
import { rootFields, shapeOf, type Shape } from "./shape";

/** The shape in brackets: ( a → b ) in sequence, ( a | b ) in parallel, [label: a] in a frame. */
function outline(shape: Shape): string {
  if (shape.kind === "request") return `${shape.request.subgraph}:${shape.request.parts.map(({ what }) => what).join("+")}`;
  if (shape.kind === "frame") return `[${shape.label}: ${shape.inside ? outline(shape.inside) : "-"}]`;
  return `(${shape.shapes.map(outline).join(shape.kind === "sequence" ? " → " : " | ")})`;
}

describe("the shape of a plan", () => {
  test("has sequences and parallels, and one request for all its paths", () => {
    expect(outline(shapeOf(HOME, null))).toBe(
      "(users:query me → (notifications:User | transactions:User) → (wallet:User+Wallet | rewards:Transfer) → users:User)",
    );
  });

  test("says where objects stand and by what they are named", () => {
    const shape = shapeOf(HOME, null);
    const last = shape.kind === "sequence" ? shape.shapes.at(-1) : undefined;
    expect(last?.kind === "request" && last.request.parts).toMatchObject([
      { path: "me.transfers.edges[].node.to.owner", representations: "User { id }" },
    ]);
  });

  test("knows the times of each request, and which was never sent", () => {
    const shape = shapeOf(HOME, [timing("0", "users", { durationMs: 7 })]);
    const [first, last] = shape.kind === "sequence" ? [shape.shapes[0], shape.shapes.at(-1)] : [];
    expect(first?.kind === "request" && first.request.timings.map(({ durationMs }) => durationMs)).toEqual([7]);
    expect(last?.kind === "request" && [last.request.timings.length, last.request.isTimed]).toEqual([0, true]);
  });

  test("of a subscription is what happens for each event", () => {
    const primary = root("0", "wallet", "subscription($id:ID!){walletUpdated(id:$id){id}}", "subscription");
    expect(outline(shapeOf({ kind: "Subscription", primary }, null))).toBe("[for each event: (wallet:subscription walletUpdated)]");
  });

  test("has frames for what is deferred and for what depends on a variable", () => {
    const one = root("0", "users", "{me{id}}");
    expect(outline(shapeOf({ kind: "Defer", primary: { node: one }, deferred: [{ label: "slow", queryPath: ["me"] }] }, null))).toBe(
      "([at once: users:query me] → [later · slow · me: -])",
    );
    expect(outline(shapeOf({ kind: "Condition", condition: "full", ifClause: one, elseClause: one }, null))).toBe(
      "([if $full: users:query me] | [unless $full: users:query me])",
    );
  });
});

test.each([
  ["{me{__typename id}}", ["me"]],
  ['query Q($a:In={x:"}"}){a:first(by:{x:1}){id}second}', ["first", "second"]],
  ["{...on Query{x}__typename}", []],
])("the root fields of %s", (operation, fields) => {
  expect(rootFields(operation)).toEqual(fields);
});
