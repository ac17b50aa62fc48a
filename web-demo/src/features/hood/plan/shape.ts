// A plan as it is drawn: requests, one after another, side by side, or in a frame that says when they happen.
import type { FetchNode, FetchTiming, PlanNode, Requirement } from "./told";

export type Shape =
  | { kind: "request"; request: PlannedRequest }
  | { kind: "sequence" | "parallel"; shapes: readonly Shape[] }
  | { kind: "frame"; label: string; inside: Shape | null };

/** One request to a subgraph. It may ask about objects at several paths, and it may go out more than once, or never. */
export interface PlannedRequest {
  /** Of its own in the drawing. */
  key: string;
  id: string;
  subgraph: string;
  parts: readonly RequestPart[];
  timings: readonly FetchTiming[];
  /** Whether it is known when requests went out: one without timings had nothing to ask. */
  isTimed: boolean;
}

export interface RequestPart {
  /** Where the objects stand in the answer, such as `me.transfers.edges[].node`; empty for root fields. */
  path: string;
  /** In a few words: the types of the objects, or the root fields. */
  what: string;
  /** What the subgraph is told of each object: `User { id }`; empty for root fields. */
  representations: string;
  operation: string;
}

export function shapeOf(root: PlanNode, fetches: readonly FetchTiming[] | null): Shape {
  return shaped(root, { path: [], at: "0", fetches });
}

interface Place {
  path: readonly string[];
  at: string;
  fetches: readonly FetchTiming[] | null;
}

function shaped(node: PlanNode, place: Place): Shape {
  switch (node.kind) {
    case "Sequence":
      return several("sequence", node.nodes, place);
    case "Parallel":
      return parallel(several("parallel", node.nodes, place));
    case "Flatten":
      return shaped(node.node, { ...place, path: [...place.path, ...node.path] });
    case "Fetch":
      return { kind: "request", request: requestOf(node, place) };
    case "Subscription":
      return { kind: "frame", label: "for each event", inside: several("sequence", [node.primary, ...listed(node.rest)], place) };
    case "Defer":
      return deferred(node, place);
    case "Condition":
      return branches(node, place);
  }
}

type Several = Extract<Shape, { kind: "sequence" | "parallel" }>;

function several(kind: Several["kind"], nodes: readonly PlanNode[], place: Place): Several {
  return { kind, shapes: nodes.map((node, index) => shaped(node, { ...place, at: `${place.at}.${index}` })) };
}

/** Parts of one request are one, however many paths it is for. */
function parallel({ shapes }: Several): Shape {
  const merged = shapes.reduce<Shape[]>((before, shape) => {
    const index = before.findIndex((other) => areOneRequest(other, shape));
    const other = before[index];
    if (other?.kind !== "request" || shape.kind !== "request") return [...before, shape];
    return before.with(index, { kind: "request", request: { ...other.request, parts: [...other.request.parts, ...shape.request.parts] } });
  }, []);
  const [only, ...others] = merged;
  return only !== undefined && others.length === 0 ? only : { kind: "parallel", shapes: merged };
}

function areOneRequest(one: Shape, other: Shape): boolean {
  return one.kind === "request" && other.kind === "request" && one.request.id === other.request.id;
}

function deferred({ primary, deferred }: Extract<PlanNode, { kind: "Defer" }>, place: Place): Shape {
  const first = framed("at once", primary.node, { ...place, at: `${place.at}.p` });
  const later = deferred.map((part, index) => {
    const label = ["later", part.label, part.queryPath.join(".")].filter(Boolean).join(" · ");
    return framed(label, part.node, { ...place, at: `${place.at}.d${index}` });
  });
  return { kind: "sequence", shapes: [first, later.length === 1 && later[0] ? later[0] : { kind: "parallel", shapes: later }] };
}

function branches({ condition, ifClause, elseClause }: Extract<PlanNode, { kind: "Condition" }>, place: Place): Shape {
  const frames = [
    ...listed(ifClause).map((node) => framed(`if $${condition}`, node, { ...place, at: `${place.at}.i` })),
    ...listed(elseClause).map((node) => framed(`unless $${condition}`, node, { ...place, at: `${place.at}.e` })),
  ];
  return frames.length === 1 && frames[0] ? frames[0] : { kind: "parallel", shapes: frames };
}

function framed(label: string, node: PlanNode | undefined, place: Place): Shape {
  return { kind: "frame", label, inside: node === undefined ? null : shaped(node, place) };
}

function listed(node: PlanNode | undefined): PlanNode[] {
  return node === undefined ? [] : [node];
}

// ── requests ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function requestOf(fetch: FetchNode, { path, at, fetches }: Place): PlannedRequest {
  const part = {
    path: path.join(".").replaceAll(".@", "[]"),
    what: whatIsAsked(fetch),
    representations: representations(fetch.requires ?? []),
    operation: fetch.operation,
  };
  const timings = fetches?.filter(({ id }) => id === fetch.id) ?? [];
  return { key: at, id: fetch.id, subgraph: fetch.serviceName, parts: [part], timings, isTimed: fetches !== null };
}

function whatIsAsked({ requires = [], operation, operationKind }: FetchNode): string {
  const types = new Set(requires.map(({ typeCondition }) => typeCondition).filter((name) => name !== undefined));
  return types.size > 0 ? [...types].join(", ") : [operationKind, ...rootFields(operation)].join(" ");
}

function representations(requires: readonly Requirement[]): string {
  return requires.map(({ typeCondition, selections }) => `${typeCondition ?? ""} { ${fieldsOf(selections)} }`).join("\n");
}

function fieldsOf(selections: readonly Requirement[] = []): string {
  return selections
    .map(({ kind, name, typeCondition, selections: within }) => {
      const head = kind === "InlineFragment" ? `... on ${typeCondition ?? ""}` : (name ?? "");
      return within === undefined ? head : `${head} { ${fieldsOf(within)} }`;
    })
    .filter((field) => field !== "__typename")
    .join(" ");
}

/** The fields of the outermost selection of an operation in the planner's own, minified writing. */
export function rootFields(operation: string): string[] {
  const tokens = operation.match(/"(?:[^"\\]|\\.)*"|[{}()]|\.\.\.\s*(?:on\s+\w+)?|[$@]?\w+:?/g) ?? [];
  const fields: string[] = [];
  let braces = 0;
  let brackets = 0;
  for (const token of tokens) {
    if (token === "(") brackets += 1;
    else if (token === ")") brackets -= 1;
    else if (brackets > 0) continue;
    else if (token === "{") braces += 1;
    else if (token === "}") braces -= 1;
    else if (braces === 1 && /^\w+$/.test(token) && token !== "__typename") fields.push(token);
  }
  return fields;
}
