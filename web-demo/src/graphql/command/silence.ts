// What it means for a command that it was met by an error instead of an answer. Pure.
import type { CombinedError } from "@urql/core";
import type { Silence } from "./command";

/** Codes of GraphQL errors that are given before anything begins; see docs/payments.md, "What can be in the way", and docs/router. */
const BEFORE_IT_BEGINS = new Set([
  "UNAVAILABLE",
  "UNAUTHENTICATED",
  "UNAUTHORIZED_FIELD_OR_TYPE",
  "AUTHENTICATION_UNAVAILABLE",
  "RATE_LIMIT_EXCEEDED",
]);

/** Errors of form: the input as it is will never be taken. */
const NEVER_TAKEN = new Set(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"]);

export function silenceOf(error: Pick<CombinedError, "networkError" | "graphQLErrors">, online: boolean): Silence {
  if (error.networkError) return online ? "unknown" : "offline";
  if (everyError(error.graphQLErrors, BEFORE_IT_BEGINS)) return "notBegun";
  if (everyError(error.graphQLErrors, NEVER_TAKEN)) return "rejected";
  return "unknown";
}

/** An error below the mutation's own field is one of what is read after it, and says nothing of the mutation. */
function everyError(errors: CombinedError["graphQLErrors"], codes: ReadonlySet<string>): boolean {
  return errors.length > 0 && errors.every((one) => (one.path?.length ?? 0) <= 1 && codes.has(one.extensions.code as string));
}

/** What is known after two tries of one command: that the second has not begun says nothing of the first. */
export function afterAnother(first: Silence | null, second: Silence): Silence {
  return first !== null && leavesOpen(first) && !leavesOpen(second) ? first : second;
}

/** Whether the command may have been carried out all the same. */
export function leavesOpen(silence: Silence): boolean {
  return silence === "offline" || silence === "unknown";
}

/** For people: what they may do, and that doing it again is safe. */
export function sentenceOf(silence: Silence): string {
  return SENTENCES[silence];
}

const SENTENCES: Record<Silence, string> = {
  offline: "You are offline. Try again once you are connected: it is carried out once, however often you try.",
  notBegun: "This cannot be done at the moment, and nothing has happened. Please try again.",
  rejected: "This was not understood, and nothing has happened. Please check what you entered.",
  unknown: "No answer came back, so we cannot say yet whether it went through. Try again: it is carried out once, however often you try.",
};
