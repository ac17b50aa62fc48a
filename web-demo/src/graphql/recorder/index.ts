// The recorder of this tab, and what others need to show it.
import { createRecorder } from "./recorder";

export { REDACTED } from "./record";
export type { HttpFacts, Recorded, RecordedKind } from "./record";
export { RECORDED_MAX } from "./ring";
export { PLAN_HEADER, UNRECORDED } from "./recorder";

export const recorder = createRecorder({ storage: tabStorage(), page: () => window.location.pathname });

/** None where the browser forbids it: then a reload asks for no plans until the panel is opened again. */
function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
