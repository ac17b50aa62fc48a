// One request of a plan in full: what it asks, about which objects, and how that went.
import { Code } from "../Code";
import { printed } from "../printed";
import { toneOf } from "../tones";
import styles from "./PlanView.module.css";
import type { PlannedRequest } from "./shape";
import { timingInWords } from "./words";

export function RequestDetail({ request }: { request: PlannedRequest }) {
  return (
    <section className={styles.detail} style={toneOf(request.subgraph)} aria-label={`Request to ${request.subgraph}`}>
      <h4>{request.subgraph}</h4>
      {request.timings.map((timing, index) => (
        <p key={index} className={styles.note}>
          {timingInWords(timing)}
        </p>
      ))}
      {request.parts.map((part, index) => (
        <div key={index} className={styles.asked}>
          {part.path && (
            <p>
              For each object at <code>{part.path}</code>, named by <code>{part.representations}</code>
            </p>
          )}
          <Code label="Its operation">{printed(part.operation)}</Code>
        </div>
      ))}
    </section>
  );
}
