// Asks again for what an answer has changed without naming it: a deposit does not say that the statement has a new line. Only queries that a
// page shows are asked, and what they show stays until the new answer is there.
import { type Client, type Exchange, makeOperation, type Operation, type OperationResult } from "urql";
import { makeSubject, merge, pipe, tap } from "wonka";
import { fieldsIn } from "./fields";

const MONEY = ["balance", "entries", "holds", "transfers", "refunds", "refunded"];
const REQUESTS = ["paymentRequests", "paymentRequest"];
const NEWS = ["notifications", "unreadNotificationCount"];

/** By root field of a mutation or subscription: the fields that may read otherwise now. */
const CHANGED_BY: Record<string, readonly string[]> = {
  deposit: MONEY,
  withdraw: MONEY,
  transfer: MONEY,
  refundTransfer: MONEY,
  walletUpdated: MONEY,
  transferUpdated: MONEY,
  openWallet: ["wallets"],
  closeWallet: ["wallets"],
  requestPayment: REQUESTS,
  payRequest: [...REQUESTS, ...MONEY],
  declineRequest: REQUESTS,
  cancelRequest: REQUESTS,
  markNotificationsRead: ["unreadNotificationCount"],
  markAllNotificationsRead: NEWS,
  notifications: [...NEWS, ...REQUESTS, "rewards", "rewardsEarned", "reward"],
};

const GATHER_MS = 100; // a burst of events is one question

export interface Refresh {
  /** Above the cache: sees what pages show, and what answers and events change. */
  exchange: Exchange;
  /** Below the cache: sees which questions are under way. */
  line: Exchange;
  /** Asks again for everything that is shown. */
  readonly all: () => void;
  /** The same once the line is back. What was under way on the one that was lost may never be answered: it is given up and asked anew. */
  readonly restored: () => void;
}

/**
 * One question of a kind is under way at a time: the answer to one that was asked before a change may tell of the time before it, so that is
 * asked again once it is answered. However often the line is lost meanwhile, nothing piles up.
 */
export function refresh(): Refresh {
  const shown = new Map<number, Operation>();
  const begun = new Set<number>();
  const underWay = new Map<number, Operation>();
  const anew = makeSubject<Operation>(); // below the cache, which goes on waiting for its answer
  const outdated = new Set<number>(); // of those under way
  const missing = new Set<number>(); // of those that are shown: without an answer, for it has failed
  let due: Set<string> | "all" = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: Client | undefined;

  function ask(): void {
    timer = undefined;
    const fields = due;
    due = new Set();
    for (const operation of shown.values()) {
      if (!tellsOf(operation, fields)) continue;
      if (underWay.has(operation.key)) outdated.add(operation.key);
      else askFor(operation);
    }
  }

  /**
   * The client drops what is asked while it believes that an answer is on its way: so ask only once that has come. The cache has no answer to
   * what has failed: so it is not asked for that.
   */
  function askFor(operation: Operation): void {
    const requestPolicy = missing.has(operation.key) ? ("network-only" as const) : ("cache-and-network" as const);
    const context = { ...operation.context, requestPolicy };
    client?.reexecuteOperation(client.createRequestOperation("query", operation, context));
  }

  function plan(fields: readonly string[] | "all"): void {
    if (fields !== "all" && fields.length === 0) return;
    due = fields === "all" || due === "all" ? "all" : new Set([...due, ...fields]);
    timer ??= setTimeout(ask, GATHER_MS);
  }

  function noteOperation(operation: Operation): void {
    if (operation.kind === "query") shown.set(operation.key, operation);
    if (operation.kind !== "teardown") return;
    shown.delete(operation.key);
    begun.delete(operation.key);
    missing.delete(operation.key);
  }

  function noteResult(result: OperationResult<Record<string, unknown> | null>): void {
    const { kind, key } = result.operation;
    if (kind === "query") noteWhether(key, result.data != null);
    if (kind === "query" || result.data == null) return;
    const fields = Object.keys(result.data).flatMap((field) => CHANGED_BY[field] ?? []);
    // A subscription begins with the present state, which what is shown has just read; the stream of notifications with what is new.
    const first = kind === "subscription" && !begun.has(key) && !("notifications" in result.data);
    begun.add(key);
    if (first) outdate(new Set(fields));
    else plan(fields);
  }

  function noteWhether(key: number, isThere: boolean): void {
    if (isThere) missing.delete(key);
    else missing.add(key);
  }

  /** What is still on its way may have been read before. */
  function outdate(fields: ReadonlySet<string>): void {
    for (const operation of shown.values()) {
      if (underWay.has(operation.key) && tellsOf(operation, fields)) outdated.add(operation.key);
    }
  }

  function noteQuestion(operation: Operation): void {
    if (operation.kind === "query") underWay.set(operation.key, operation);
    if (operation.kind === "teardown") settle(operation.key);
  }

  function askAnew(): void {
    for (const operation of [...underWay.values()]) {
      anew.next(makeOperation("teardown", operation));
      anew.next(operation);
    }
  }

  function noteAnswer({ operation, hasNext }: OperationResult): void {
    if (operation.kind !== "query" || hasNext || !settle(operation.key)) return;
    setTimeout(() => {
      const asking = shown.get(operation.key);
      if (asking !== undefined) askFor(asking);
    });
  }

  /** Whether it must be asked again. */
  function settle(key: number): boolean {
    underWay.delete(key);
    return outdated.delete(key);
  }

  return {
    exchange: (input) => {
      client = input.client;
      return (operations) => pipe(operations, tap(noteOperation), input.forward, tap(noteResult));
    },
    line: (input) => (operations) => pipe(merge([operations, anew.source]), tap(noteQuestion), input.forward, tap(noteAnswer)),
    all: () => plan("all"),
    restored: () => {
      askAnew();
      plan("all");
    },
  };
}

function tellsOf(operation: Operation, fields: ReadonlySet<string> | "all"): boolean {
  return fields === "all" || overlaps(fieldsIn(operation.query), fields);
}

function overlaps(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].some((one) => some.has(one));
}
