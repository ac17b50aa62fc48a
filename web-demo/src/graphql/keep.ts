// What a page shows stays when it cannot be asked for again: the error is told beside it, instead of in its place, until the API has answered.
import type { CombinedError, Exchange, Operation, OperationResult } from "urql";
import { map, pipe, tap } from "wonka";
import { isOutage } from "./outage";

export function keep(): Exchange {
  return ({ forward }) => {
    // By query, for as long as somebody looks.
    const known = new Map<number, unknown>();
    const errors = new Map<number, CombinedError>(); // the last word of the API
    const left = new Set<number>();

    function remembered(result: OperationResult): OperationResult {
      const { kind, key } = result.operation;
      if (kind !== "query") return result;
      if (!isFromCache(result)) note(key, result.error);
      if (result.data != null) known.set(key, result.data);
      const error = errors.get(key);
      const isAway = error !== undefined && isOutage(error);
      const isInVain = isFromCache(result) && result.data == null;
      if (!isAway && !isInVain) return result;
      const data: unknown = result.data ?? known.get(key);
      return { ...result, data, ...(error && { error }) };
    }

    function note(key: number, error: CombinedError | undefined): void {
      if (error === undefined) errors.delete(key);
      else errors.set(key, error);
      if (error !== undefined && !isOutage(error)) known.delete(key);
    }

    function noteLooking({ kind, key }: Operation): void {
      if (kind === "query") left.delete(key);
      if (kind !== "teardown") return;
      left.add(key);
      queueMicrotask(() => left.delete(key) && forget(key)); // who tries again looks away and back at once
    }

    function forget(key: number): void {
      known.delete(key);
      errors.delete(key);
    }

    return (operations) => pipe(operations, tap(noteLooking), forward, map(remembered));
  };
}

/** The cache knows what it was told, not whether that can still be had. */
function isFromCache({ operation: { context } }: OperationResult): boolean {
  const outcome = context.meta?.cacheOutcome;
  return outcome === "hit" || outcome === "partial" || context.requestPolicy === "cache-only";
}
