// What is remembered of an operation that went over the wire: what it asked, when, and what the router told beside the data. Never the data.

export type RecordedKind = "query" | "mutation" | "subscription";

export type Recorded = {
  readonly id: number;
  readonly key: number;
  readonly kind: RecordedKind;
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The path of the page that ran it. */
  readonly page: string;
  /** Milliseconds of performance.now(). */
  readonly startedAt: number;
  /** When the first answer was there; null while it is not. */
  readonly answeredAt: number | null;
  /** When the last one was; of a subscription its latest event. */
  readonly latestAt: number | null;
  /** Answers and pieces of answers; of a subscription its events. */
  readonly answers: number;
  readonly state: "running" | "answered" | "failed" | "ended";
  readonly http: HttpFacts | null;
  readonly errors: readonly string[];
  readonly extensions: Readonly<Record<string, unknown>>;
};

/** What HTTP said of the answer; there is none of what came over the socket. */
export type HttpFacts = {
  readonly status: number;
  readonly requestId: string | null;
  readonly bytes: number | null;
  /** When the head of the answer arrived, in milliseconds of performance.now(). */
  readonly headAt: number;
};

const SECRET = /password|token|secret/i;
export const REDACTED = "•••";

/** The variables with what nobody should read over a shoulder left out, however deep it stands. */
export function redacted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, SECRET.test(name) && typeof each === "string" ? REDACTED : redactedWithin(each)]),
  );
}

function redactedWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactedWithin);
  if (value !== null && typeof value === "object") return redacted(value as Record<string, unknown>);
  return value;
}
