// What components use of the connection and of live data.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { type AnyVariables, useClient, type OperationResult } from "urql";
import { pipe, subscribe } from "wonka";
import { connection, type ConnectionState } from "./connection";

export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (changed) => connection.subscribe(changed),
    () => connection.state,
  );
}

/** Calls back when the line is back after it was lost: for what is kept outside the cache. Queries of `useQuery` are asked again by themselves. */
export function useRestored(restored: () => void): void {
  const call = useEffectEvent(restored);
  useEffect(() => connection.onRestored(() => call()), []);
}

/**
 * Follows a subscription while the component is there and not `pause`d; it is resumed by itself after drops. Each event goes through the cache,
 * so whoever shows the same wallet or transfer by a query sees it, and to `onEvent`, once each and in order.
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { onEvent, pause = false }: { onEvent?: (data: Data) => void; pause?: boolean } = {},
): void {
  const client = useClient();
  const hand = useEffectEvent((result: OperationResult<Data, Variables>) => {
    if (result.data != null) onEvent?.(result.data);
  });
  const asked = JSON.stringify(variables);
  useEffect(() => {
    if (pause) return;
    const following = pipe(
      client.subscription(document, JSON.parse(asked) as Variables),
      subscribe((result) => hand(result)),
    );
    return () => following.unsubscribe();
  }, [client, document, asked, pause]);
}
