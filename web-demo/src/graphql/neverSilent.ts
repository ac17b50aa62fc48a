// A cache that has a word for every question. Its own drops some without one: what it has no answer to and has just looked for, or what waits
// for a change that is shown before it is made. The client waits for that word, and would drop all later questions, those of "Try again", too.
import { type Exchange, makeOperation, type Operation, type OperationResult } from "urql";
import { filter, map, merge, pipe, tap } from "wonka";

export function neverSilent(cache: Exchange): Exchange {
  return (input) => {
    const unheard = new Set<number>(); // what the cache is looking for at this moment
    const underWay = new Set<number>(); // what it has asked for: the answer is its word

    function noteLook({ kind, key }: Operation): void {
      if (kind === "query") unheard.add(key);
    }

    function noteWord({ operation }: OperationResult): void {
      unheard.delete(operation.key);
    }

    function noteQuestion({ kind, key }: Operation): void {
      if (kind === "query") underWay.add(key);
      if (kind === "teardown") underWay.delete(key);
    }

    function noteAnswer({ operation, hasNext }: OperationResult): void {
      if (!hasNext) underWay.delete(operation.key);
    }

    /** The cache answers or asks at once, or never. */
    function wasDropped({ kind, key }: Operation): boolean {
      return kind === "query" && unheard.delete(key) && !underWay.has(key);
    }

    /** It has nothing; and whoever asks the API as well as the cache is asking the API now. */
    function wordOn(operation: Operation): OperationResult {
      const { context } = operation;
      const stale = context.requestPolicy === "cache-and-network";
      if (stale) input.client.reexecuteOperation(makeOperation("query", operation, { ...context, requestPolicy: "network-only" }));
      const look = makeOperation("query", operation, { ...context, requestPolicy: "cache-only" });
      return { operation: look, data: null, stale, hasNext: false };
    }

    const through = cache({
      ...input,
      forward: (operations) => pipe(operations, tap(noteQuestion), input.forward, tap(noteAnswer)),
    });
    return (operations) =>
      merge([
        pipe(operations, tap(noteLook), through, tap(noteWord)),
        pipe(operations, filter(wasDropped), map(wordOn)), // after the cache has had it
      ]);
  };
}
