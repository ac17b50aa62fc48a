// What to do when a subscription has ended before its time. Pure.

export type End =
  | { kind: "completed" }
  | { kind: "lost" } // the socket closed, for whatever reason
  | { kind: "refused"; code: string };

/** again: from the cursor. anew: without it, since it does not count any more. done: the API has said all. refused: it never will. */
export type Verdict = "again" | "anew" | "done" | "refused";

const CURSOR_IS_GONE = new Set(["CURSOR_EXPIRED", "BAD_USER_INPUT"]);
const NEVER = new Set(["BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"]);

export function verdictOn(end: End, hasCursor: boolean): Verdict {
  if (end.kind === "completed") return "done";
  if (end.kind === "lost") return "again";
  if (hasCursor && CURSOR_IS_GONE.has(end.code)) return "anew";
  return NEVER.has(end.code) ? "refused" : "again";
}

/** A root field with a `cursor` can be resumed: the position after its latest event. */
export function cursorIn(data: Record<string, unknown> | null | undefined): string | null {
  for (const field of Object.values(data ?? {})) {
    const cursor = (field as { cursor?: unknown } | null)?.cursor;
    if (typeof cursor === "string") return cursor;
  }
  return null;
}
