// What a page shows stays when it cannot be asked for again: the error is told beside it, instead of in its place, until the API has answered.
import type { CombinedError, Exchange, OperationResult } from "urql";
import { map, pipe, tap } from "wonka";
import { isOutage } from "./outage";

export function keep(): Exchange {
  return ({ forward }) => {
    // By query, for as long as somebody looks.
    const known = new Map<number, unknown>();
    const outages = new Map<number, CombinedError>();

    function remembered(result: OperationResult): OperationResult {
      const { kind, key } = result.operation;
      if (kind !== "query") return result;
      if (result.data != null) known.set(key, result.data);
      if (!isFromCache(result)) note(key, result.error);
      const outage = outages.get(key);
      const data: unknown = result.data ?? known.get(key);
      return outage === undefined ? result : { ...result, data, error: outage };
    }

    function note(key: number, error: CombinedError | undefined): void {
      if (error !== undefined && isOutage(error)) outages.set(key, error);
      else outages.delete(key);
    }

    function forget(key: number): void {
      known.delete(key);
      outages.delete(key);
    }

    return (operations) =>
      pipe(
        operations,
        tap(({ kind, key }) => kind === "teardown" && forget(key)),
        forward,
        map(remembered),
      );
  };
}

/** The cache knows what it was told, not whether that can still be had. */
function isFromCache({ operation: { context } }: OperationResult): boolean {
  const outcome = context.meta?.cacheOutcome;
  return outcome === "hit" || outcome === "partial" || context.requestPolicy === "cache-only";
}
