// Remembers what goes over the wire, for the panel under the hood. Whoever never opens that pays for a hundred small records and nothing else:
// the router is asked for plans only from the first opening on, until the tab is closed.
import { getOperationName, makeOperation, mapExchange, stringifyDocument } from "@urql/core";
import type { Exchange, Operation, OperationResult } from "@urql/core";

import { pipe, tap } from "wonka";

import { redacted } from "./record";
import type { HttpFacts, Recorded, RecordedKind } from "./record";
import { added, changed } from "./ring";

/** The header by which the router is asked for a plan: docs/router/explorer.md. */
export const PLAN_HEADER = "router-expose-query-plan";

/** Where it is kept that this tab asks for plans, and since when; reloading goes on with it. */
const SINCE = "payflow.hood.since";

export type Recorder = {
  readonly exchange: Exchange;
  readonly recorded: () => readonly Recorded[];
  readonly subscribe: (listener: () => void) => () => void;
  /** Ask the router for plans from now on. */
  readonly askForPlans: () => void;
  /** Since when plans are asked for; null where they are not. */
  readonly plansSince: () => Date | null;
  readonly clear: () => void;
};

/** An operation with this in its context is not recorded: the panel's own. */
export const UNRECORDED = { unrecorded: true } as const;

export interface Surroundings {
  /** Of this tab; null where the browser forbids it. */
  storage: Pick<Storage, "getItem" | "setItem"> | null;
  /** The path of the page that is open. */
  page: () => string;
}

export function createRecorder({ storage, page }: Surroundings): Recorder {
  let ring: readonly Recorded[] = [];
  let since = storedDate(storage?.getItem(SINCE) ?? null);
  let count = 0;
  const listeners = new Set<() => void>();

  const become = (next: readonly Recorded[]) => {
    if (next === ring) return;
    ring = next;
    listeners.forEach((listener) => listener());
  };
  const note = (id: number, change: (before: Recorded) => Recorded) => become(changed(ring, (record) => record.id === id, change));

  const unsent = new Set<number>(); // a request leaves a moment after it was asked for
  const noteEnd = ({ kind, key }: Operation) => {
    if (kind !== "teardown") return;
    const wasSent = ring.filter((record) => record.key !== key || !unsent.delete(record.id));
    become(changed(wasSent.length === ring.length ? ring : wasSent, (record) => record.key === key, ended));
  };
  const recording = mapExchange({
    onOperation(operation) {
      if (isUnrecorded(operation)) return operation; // teardowns do not come here
      const id = (count += 1);
      if (operation.kind !== "subscription") unsent.add(id);
      become(added(ring, begun(operation, operation.kind as RecordedKind, { id, page: page() })));
      const watched = watchedFetch(operation, {
        asksForPlan: since !== null,
        left: () => unsent.delete(id),
        tell: (http) => note(id, (before) => ({ ...before, http })),
      });
      return makeOperation(operation.kind, operation, { ...operation.context, fetch: watched, recorded: id });
    },
    onResult(result) {
      // By the number of the request and not by the operation's key: the same one may be asked again before it is answered.
      const id: unknown = result.operation.context.recorded;
      if (typeof id === "number") note(id, (before) => answered(before, result));
      return result;
    },
  });
  const exchange: Exchange = (input) => {
    const record = recording(input);
    return (operations) => record(pipe(operations, tap(noteEnd)));
  };

  return {
    exchange,
    recorded: () => ring,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    askForPlans: () => {
      if (since !== null) return;
      since = new Date();
      storage?.setItem(SINCE, since.toISOString());
    },
    plansSince: () => since,
    clear: () => become([]),
  };
}

function begun(operation: Operation, kind: RecordedKind, seen: Pick<Recorded, "id" | "page">): Recorded {
  return {
    ...seen,
    key: operation.key,
    kind,
    name: getOperationName(operation.query) ?? "anonymous",
    document: stringifyDocument(operation.query),
    variables: redacted(operation.variables ?? {}),
    startedAt: performance.now(),
    answeredAt: null,
    latestAt: null,
    answers: 0,
    state: "running",
    http: null,
    errors: [],
    extensions: {},
  };
}

function answered(before: Recorded, result: OperationResult): Recorded {
  const now = performance.now();
  const goesOn = result.hasNext || before.kind === "subscription";
  return {
    ...before,
    answeredAt: before.answeredAt ?? now,
    latestAt: now,
    answers: before.answers + 1,
    state: goesOn ? "running" : result.error ? "failed" : "answered",
    errors: result.error
      ? [result.error.networkError?.message, ...result.error.graphQLErrors.map(({ message }) => message)].filter(isText)
      : [],
    extensions: { ...before.extensions, ...(result.extensions as Record<string, unknown> | undefined) },
  };
}

/** Nobody listens any more: of what runs that is the end, of what was answered it is nothing new. */
function ended(before: Recorded): Recorded {
  return before.state === "running" ? { ...before, state: "ended" } : before;
}

type Watching = { readonly asksForPlan: boolean; readonly left: () => void; readonly tell: (http: HttpFacts) => void };

function watchedFetch(operation: Operation, { asksForPlan, left, tell }: Watching): typeof fetch {
  const send = operation.context.fetch ?? fetch;
  return async (input, init) => {
    left();
    const headers = new Headers(init?.headers);
    if (asksForPlan) headers.set(PLAN_HEADER, "true");
    const response = await send(input, { ...init, headers });
    const length = response.headers.get("content-length");
    tell({
      status: response.status,
      requestId: response.headers.get("x-request-id"),
      bytes: length === null ? null : Number(length),
      headAt: performance.now(),
    });
    return response;
  };
}

function isUnrecorded(operation: Operation): boolean {
  return operation.context.unrecorded === true;
}

function isText(message: string | undefined): message is string {
  return message !== undefined;
}

function storedDate(text: string | null): Date | null {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? null : date;
}
