// The time that an operation took, request by request.
import { inMs } from "../figures";
import { timingInWords } from "../plan/words";
import { toneOf } from "../tones";
import type { Bar, Timeline } from "./timeline";
import styles from "./Waterfall.module.css";

export function Waterfall({ timeline }: { timeline: Timeline }) {
  return (
    <div className={styles.waterfall}>
      <ol aria-label="Time of each request">
        {timeline.bars.map((bar) => (
          <Row key={bar.key} bar={bar} />
        ))}
      </ol>
      <p className={styles.scale} aria-hidden="true">
        <span>0</span>
        <span>{inMs(timeline.scaleMs / 2)}</span>
        <span>{inMs(timeline.scaleMs)}</span>
      </p>
      {timeline.besideMs !== null && (
        <p className={styles.note}>
          Requests count from when the router began to ask. Beside them went {inMs(timeline.besideMs)}: the network, the router itself and
          this browser.
        </p>
      )}
    </div>
  );
}

function Row({ bar }: { bar: Bar }) {
  return (
    <li className={bar.service === null ? styles.whole : styles.row} style={bar.service === null ? undefined : toneOf(bar.service)}>
      <span className={styles.name}>{bar.service ?? "This browser waited"}</span>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.bar} style={{ left: `${bar.start * 100}%`, width: `${bar.length * 100}%` }} />
      </span>
      <span className={styles.time}>
        {bar.timing === null ? inMs(bar.durationMs) : <abbr title={timingInWords(bar.timing)}>{inMs(bar.durationMs)}</abbr>}
        <span className="visually-hidden">{bar.startMs > 0 && `, begun after ${inMs(bar.startMs)}`}</span>
      </span>
    </li>
  );
}
