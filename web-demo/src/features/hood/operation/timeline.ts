// When what happened to an operation, as bars on one scale: the whole of it as the browser saw it, and each request as the router did.
import type { Recorded } from "../../../graphql/recorder";
import type { FetchTiming } from "../plan/told";

export interface Bar {
  key: string;
  /** The service that was asked; null for the operation itself. */
  service: string | null;
  timing: FetchTiming | null;
  /** In milliseconds; `startMs` of a request since the router began to ask. */
  startMs: number;
  durationMs: number;
  /** In parts of the whole scale, from 0 to 1. */
  start: number;
  length: number;
}

export interface Timeline {
  bars: readonly Bar[];
  scaleMs: number;
  /** What none of the requests accounts for: the way to the router and back, planning, and this browser. Null where there are no requests. */
  besideMs: number | null;
}

/** None while nothing was answered. */
export function timelineOf(record: Recorded, fetches: readonly FetchTiming[]): Timeline | null {
  if (record.answeredAt === null) return null;
  const wholeMs = record.answeredAt - record.startedAt;
  const lastMs = Math.max(0, ...fetches.map(({ startMs, durationMs }) => startMs + durationMs));
  const scaleMs = Math.max(wholeMs, lastMs, 1);
  const bar = (key: string, { startMs, durationMs, ...rest }: Pick<Bar, "service" | "timing" | "startMs" | "durationMs">): Bar => ({
    ...rest,
    key,
    startMs,
    durationMs,
    start: startMs / scaleMs,
    length: durationMs / scaleMs,
  });
  const asked = [...fetches].sort((one, other) => one.startMs - other.startMs);
  return {
    bars: [
      bar("whole", { service: null, timing: null, startMs: 0, durationMs: wholeMs }),
      ...asked.map((timing, index) =>
        bar(`${timing.id}.${index}`, { service: timing.serviceName, timing, startMs: timing.startMs, durationMs: timing.durationMs }),
      ),
    ],
    scaleMs,
    besideMs: fetches.length > 0 ? Math.max(0, wholeMs - lastMs) : null,
  };
}
