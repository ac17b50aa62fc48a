// What a page shows stays when it cannot be asked for again: the error is told beside it, instead of in its place.
import type { Exchange, OperationResult } from "urql";
import { map, pipe, tap } from "wonka";

export function keep(): Exchange {
  return ({ forward }) => {
    const known = new Map<number, unknown>(); // by query, for as long as somebody looks
    const remembered = (result: OperationResult): OperationResult => {
      const { kind, key } = result.operation;
      if (kind !== "query") return result;
      if (result.data != null) known.set(key, result.data);
      return result.data == null && result.error?.networkError && known.has(key) ? { ...result, data: known.get(key) } : result;
    };
    return (operations) =>
      pipe(
        operations,
        tap(({ kind, key }) => kind === "teardown" && known.delete(key)),
        forward,
        map(remembered),
      );
  };
}
