// Plans as the router tells them, for tests.
import type { FetchNode, FetchTiming, PlanNode } from "./told";

const requires = (typeCondition: string) => [
  {
    kind: "InlineFragment",
    typeCondition,
    selections: [
      { kind: "Field", name: "__typename" },
      { kind: "Field", name: "id" },
    ],
  },
];

export function root(id: string, serviceName: string, operation: string, operationKind = "query"): FetchNode {
  return { kind: "Fetch", id, serviceName, operation, operationKind };
}

export function entities(id: string, serviceName: string, { type, path }: { type: string; path: string }): PlanNode {
  const operation = `query($representations:[_Any!]!){_entities(representations:$representations){...on ${type}{x}}}`;
  return {
    kind: "Flatten",
    path: path.split("."),
    node: { kind: "Fetch", id, serviceName, operation, operationKind: "query", requires: requires(type) },
  };
}

export function timing(id: string, serviceName: string, times: Partial<FetchTiming> = {}): FetchTiming {
  return { id, serviceName, startMs: 0, durationMs: 10, representations: 1, sentBytes: 100, status: 200, receivedBytes: 50, ...times };
}

/** The reader, then what two services know of them, then the wallets by two paths in one request beside the rewards, then the owners. */
export const HOME: PlanNode = {
  kind: "Sequence",
  nodes: [
    root("0", "users", "{me{__typename handle id}}"),
    {
      kind: "Parallel",
      nodes: [entities("1", "notifications", { type: "User", path: "me" }), entities("2", "transactions", { type: "User", path: "me" })],
    },
    {
      kind: "Parallel",
      nodes: [
        entities("3", "wallet", { type: "User", path: "me" }),
        entities("3", "wallet", { type: "Wallet", path: "me.transfers.edges.@.node.to" }),
        entities("4", "rewards", { type: "Transfer", path: "me.transfers.edges.@.node" }),
      ],
    },
    entities("5", "users", { type: "User", path: "me.transfers.edges.@.node.to.owner" }),
  ],
};
