// A subscription that outlives its socket: asked again after every drop, from the cursor of the last event that came.
import type { Connection } from "../connection";
import { cursorIn, type End, verdictOn } from "./verdict";

export interface Request {
  query: string;
  variables: Record<string, unknown>;
}

export interface Result {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly unknown[] | undefined;
}

export interface Observer {
  next(result: Result): void;
  error(error: unknown): void;
  complete(): void;
}

/** Subscribes once; answers how to stop. */
export type Subscribe = (request: Request, observer: Observer) => () => void;

export interface Surroundings {
  subscribe: Subscribe;
  connection: Pick<Connection, "pause" | "stoodSince">;
  /** The API does not accept the token it was shown. */
  unauthenticated: () => Promise<unknown>;
  /** The stream goes on without its cursor: what was told in between must be read by other means. */
  restarted: () => void;
}

/** What ends a stream that stood this long is no failure in a row: a token has ended, a router was replaced, a train went through a tunnel. */
export const STEADY_MS = 5_000;

const SHOW_THE_TOKEN_ANEW = new Set(["UNAUTHENTICATED", "UNAUTHORIZED_FIELD_OR_TYPE"]);

export function resuming({ subscribe, connection, unauthenticated, restarted }: Surroundings): Subscribe {
  return (request, observer) => {
    let stopped = false;
    let stop: () => void = () => undefined;
    let variables = request.variables;

    async function follow(): Promise<void> {
      for (let failures = 0; !isStopped(); failures += 1) {
        const asked = performance.now();
        const end = await once((next) => {
          failures = 0;
          const cursor = cursorIn(next.data);
          if (cursor !== null) variables = { ...variables, after: cursor };
          observer.next(next);
        });
        stop(); // the socket counts it until then
        if (isStopped()) return;
        if (connection.stoodSince(asked) >= STEADY_MS) failures = 0;
        const verdict = verdictOn(end, variables.after != null);
        if (verdict === "done") {
          observer.complete();
          return;
        }
        if (verdict === "refused") {
          observer.error(new Error(end.kind === "refused" ? end.code : end.kind));
          return;
        }
        if (verdict === "anew") {
          variables = { ...variables, after: null };
          restarted();
        }
        if (end.kind === "refused" && SHOW_THE_TOKEN_ANEW.has(end.code)) await unauthenticated().catch(() => undefined);
        await connection.pause(failures);
      }
    }

    function once(hand: (result: Result) => void): Promise<End> {
      return new Promise((resolve) => {
        let refusal: End | null = null;
        stop = subscribe(
          { query: request.query, variables },
          {
            next: (result) => {
              if (result.data != null) hand(result);
              else refusal = { kind: "refused", code: codeOf(result.errors) };
            },
            error: (error) => resolve(Array.isArray(error) ? { kind: "refused", code: codeOf(error) } : { kind: "lost" }),
            complete: () => resolve(refusal ?? { kind: "completed" }),
          },
        );
      });
    }

    const isStopped = () => stopped; // a function, since it changes while others wait
    void follow();
    return () => {
      stopped = true;
      stop();
    };
  };
}

function codeOf(errors: readonly unknown[] | undefined): string {
  const [first] = (errors ?? []) as { extensions?: { code?: unknown } }[];
  const code = first?.extensions?.code;
  return typeof code === "string" ? code : "UNKNOWN";
}
