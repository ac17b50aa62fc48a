// Errors that say "not now", as opposed to those that say "no": what is shown may stay, and asking again may help. Pure.
import type { CombinedError } from "@urql/core";

/** Codes of GraphQL errors; see docs/router/errors.md, docs/router/traffic.md, and docs/payments.md for what subgraphs say themselves. */
const NOT_NOW = new Set([
  "UNAVAILABLE",
  "DOWNSTREAM_SERVICE_ERROR",
  "GATEWAY_TIMEOUT",
  "SUBGRAPH_CIRCUIT_BREAKER_REJECTED",
  "AUTHENTICATION_UNAVAILABLE",
  "RATE_LIMIT_EXCEEDED",
  "INTERNAL_SERVER_ERROR",
  "UNAUTHENTICATED", // the next token could not be had just now: where the session is over, there is no page any more
]);

/** Whatever is not known to be one is a refusal. */
export function isOutage({ networkError, graphQLErrors }: Pick<CombinedError, "networkError" | "graphQLErrors">): boolean {
  if (networkError) return true;
  return (
    graphQLErrors.length > 0 && graphQLErrors.every(({ extensions }) => NOT_NOW.has(extensions.code as string) || lacksToken(extensions))
  );
}

/** A field that only those who are signed in may see, asked for without a token; see docs/router/authorization.md. */
function lacksToken({ code, reason }: Record<string, unknown>): boolean {
  return code === "UNAUTHORIZED_FIELD_OR_TYPE" && reason === "unauthenticated";
}
