// Asks again for what an answer has changed without naming it: a deposit does not say that the statement has a new line. Only queries that a
// page shows are asked, and what they show stays until the new answer is there.
import type { Client, Exchange, Operation, OperationResult } from "urql";
import { pipe, tap } from "wonka";
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
  exchange: Exchange;
  /** Asks again for everything that is shown. */
  readonly all: () => void;
}

export function refresh(): Refresh {
  const shown = new Map<number, Operation>();
  const begun = new Set<number>();
  let due: Set<string> | "all" = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: Client | undefined;

  function ask(): void {
    timer = undefined;
    const fields = due;
    due = new Set();
    for (const operation of shown.values()) {
      if (fields !== "all" && !overlaps(fieldsIn(operation.query), fields)) continue;
      const context = { ...operation.context, requestPolicy: "cache-and-network" as const };
      client?.reexecuteOperation(client.createRequestOperation("query", operation, context));
    }
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
  }

  function noteResult(result: OperationResult<Record<string, unknown> | null>): void {
    const { kind, key } = result.operation;
    if (kind === "query" || result.data == null) return;
    // A subscription begins with the present state, which the page has just read; the stream of notifications with what is new.
    const first = kind === "subscription" && !begun.has(key) && !("notifications" in result.data);
    begun.add(key);
    if (!first) plan(Object.keys(result.data).flatMap((field) => CHANGED_BY[field] ?? []));
  }

  return {
    exchange: (input) => {
      client = input.client;
      return (operations) => pipe(operations, tap(noteOperation), input.forward, tap(noteResult));
    },
    all: () => plan("all"),
  };
}

function overlaps(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].some((one) => some.has(one));
}
