// What a drawing says, said in words: names of buttons, and the lines of the list.
import { counted, inBytes, inMs } from "../figures";
import type { PlannedRequest, RequestPart } from "./shape";
import type { FetchTiming } from "./told";

export function partInWords({ what, path }: RequestPart): string {
  return path ? `${what} at ${path}` : what;
}

export function requestInWords(request: PlannedRequest): string {
  return `${request.subgraph}: ${request.parts.map(partInWords).join("; ")}${sendingsInWords(request, ", ")}`;
}

/** When it was sent and how that went; of a request that never went out that there was nothing to ask. */
export function sendingsInWords({ timings, isTimed }: PlannedRequest, before = ""): string {
  if (!isTimed) return "";
  if (timings.length === 0) return `${before}not sent: there was nothing to ask`;
  return before + timings.map(timingInWords).join("; ");
}

export function timingInWords({ durationMs, representations, receivedBytes, code, status }: FetchTiming): string {
  const about = representations > 0 ? `${counted(representations, "object")}, ` : "";
  const came = code ?? (status !== undefined && status !== 200 ? `HTTP ${status}` : inBytes(receivedBytes ?? 0));
  return `${about}${inMs(durationMs)}, ${came}`;
}
