// What the router tells beside an answer, read with care: an older router, or another one, tells less or nothing.

export type PlanNode =
  | { kind: "Sequence" | "Parallel"; nodes: readonly PlanNode[] }
  | { kind: "Flatten"; path: readonly string[]; node: PlanNode }
  | FetchNode
  | { kind: "Subscription"; primary: PlanNode; rest?: PlanNode }
  | { kind: "Defer"; primary: { node?: PlanNode }; deferred: readonly DeferredNode[] }
  | { kind: "Condition"; condition: string; ifClause?: PlanNode; elseClause?: PlanNode };

/** A request, or a part of one: those with one `id` go out together. */
export interface FetchNode {
  kind: "Fetch";
  id: string;
  serviceName: string;
  operation: string;
  operationKind: string;
  requires?: readonly Requirement[];
}

export interface DeferredNode {
  label?: string;
  queryPath: readonly string[];
  node?: PlanNode;
}

/** What a subgraph is told of an object: fields, and of which type. */
export interface Requirement {
  kind: string;
  name?: string;
  typeCondition?: string;
  selections?: readonly Requirement[];
}

export interface FetchTiming {
  id: string;
  serviceName: string;
  startMs: number;
  durationMs: number;
  representations: number;
  sentBytes: number;
  status?: number;
  receivedBytes?: number;
  code?: string;
}

export interface Plan {
  /** None where the router answers by itself. */
  root: PlanNode | null;
  text: string;
  /** None of a plan that was only asked for. */
  fetches: readonly FetchTiming[] | null;
}

export interface Cost {
  estimated: number | null;
  actual: number | null;
  max: number | null;
  bySubgraph: readonly { name: string; estimated: number; actual: number | null }[];
}

export interface Budget {
  charged: number;
  remaining: number;
  limit: number;
  resetAfterMs: number;
  plan: string;
  unit: string;
}

export interface Told {
  plan: Plan | null;
  cost: Cost | null;
  budget: Budget | null;
}

type Json = Readonly<Record<string, unknown>>;

export function readTold(extensions: Json): Told {
  const plan = objectIn(extensions.queryPlan);
  return {
    plan: plan && readPlan(plan),
    cost: readCost(objectIn(extensions.cost), plan),
    budget: readBudget(objectIn(extensions.rateLimit)),
  };
}

function readPlan(told: Json): Plan | null {
  const whole = objectIn(told.object);
  if (whole === null) return null;
  const fetches = told.fetches;
  return {
    // The router's own format, which it documents: its nodes are not looked into one by one.
    root: (objectIn(whole.node) as PlanNode | null) ?? null,
    text: typeof told.text === "string" ? told.text : "",
    fetches: Array.isArray(fetches) ? (fetches as FetchTiming[]) : null,
  };
}

/** What the operation has cost; of one that did not run, what it would. */
function readCost(told: Json | null, plan: Json | null): Cost | null {
  if (told !== null) {
    const shares = Object.entries(objectIn(told.bySubgraph) ?? {});
    const bySubgraph = shares.map(([name, share]) => {
      const of = objectIn(share) ?? {};
      return { name, estimated: numberIn(of.estimated) ?? 0, actual: numberIn(of.actual) };
    });
    return { estimated: numberIn(told.estimated), actual: numberIn(told.actual), max: numberIn(told.max), bySubgraph };
  }
  const guess = objectIn(plan?.cost);
  if (guess === null) return null;
  const shares = Object.entries(objectIn(guess.bySubgraph) ?? {});
  return {
    estimated: numberIn(guess.estimated),
    actual: null,
    max: null,
    bySubgraph: shares.map(([name, estimated]) => ({ name, estimated: numberIn(estimated) ?? 0, actual: null })),
  };
}

function readBudget(told: Json | null): Budget | null {
  const [remaining, limit] = [numberIn(told?.remaining), numberIn(told?.limit)];
  if (told === null || remaining === null || limit === null) return null;
  return {
    charged: numberIn(told.requestRate) ?? 0,
    remaining,
    limit,
    resetAfterMs: numberIn(told.resetAfterMs) ?? 0,
    plan: typeof told.plan === "string" ? told.plan : "",
    unit: typeof told.unit === "string" ? told.unit : "cost",
  };
}

function objectIn(value: unknown): Json | null {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Json) : null;
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
