// The GraphQL client of one signed-in person (or of nobody): made anew when that changes, so that nobody sees what another has read.
import { createClient, type Exchange, fetchExchange, subscriptionExchange, type Client } from "urql";
import { authentication } from "./authentication";
import { cache } from "./cache";
import { connection } from "./connection";
import { keep } from "./keep";
import { live } from "./live/socket";
import { refresh } from "./refresh";

const TIMEOUT_MS = 30_000; // a transfer waits some 5 s for its saga; nothing takes this long

export interface ApiClient {
  client: Client;
  /** Ends its subscriptions and closes its socket. */
  close(): void;
}

/** `watchers` see every operation that leaves for the API, and its result. */
export function apiClient(watchers: readonly Exchange[] = []): ApiClient {
  const again = refresh();
  const socket = live(connection, again.all);
  const forgetConnection = connection.onRestored(again.restored);
  const client = createClient({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetch: (input, init) => fetch(input, { ...init, signal: limited(init?.signal) }),
    exchanges: [
      keep(),
      again.exchange,
      cache(),
      again.line,
      authentication(),
      ...watchers,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (observer) => ({ unsubscribe: socket.subscribe({ query, variables: { ...variables } }, observer) }),
        }),
      }),
    ],
  });
  return {
    client,
    close: () => {
      forgetConnection();
      socket.close();
    },
  };
}

function limited(signal: AbortSignal | null | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
