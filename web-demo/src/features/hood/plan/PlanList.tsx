// The plan as a nested list: the same as the graph for whoever reads rather than looks.
import { toneOf } from "../tones";
import styles from "./PlanList.module.css";
import type { Shape } from "./shape";
import { partInWords, sendingsInWords } from "./words";

export function PlanList({ shape }: { shape: Shape }) {
  return (
    <div className={styles.list}>
      <Item shape={shape} />
    </div>
  );
}

function Item({ shape }: { shape: Shape }) {
  switch (shape.kind) {
    case "request":
      return (
        <span className={styles.request} style={toneOf(shape.request.subgraph)}>
          <strong>{shape.request.subgraph}</strong>
          {shape.request.parts.map((part, index) => (
            <span key={index}>{partInWords(part)}</span>
          ))}
          <span className={styles.sendings}>{sendingsInWords(shape.request)}</span>
        </span>
      );
    case "frame":
      return (
        <div>
          <span className={styles.label}>{shape.label}</span>
          {shape.inside === null ? <span className={styles.sendings}>from what is there already</span> : <Item shape={shape.inside} />}
        </div>
      );
    case "sequence":
      return (
        <>
          <span className={styles.label}>One after another</span>
          <ol>
            {shape.shapes.map((each, index) => (
              <li key={index}>
                <Item shape={each} />
              </li>
            ))}
          </ol>
        </>
      );
    case "parallel":
      return (
        <>
          <span className={styles.label}>At the same time</span>
          <ul>
            {shape.shapes.map((each, index) => (
              <li key={index}>
                <Item shape={each} />
              </li>
            ))}
          </ul>
        </>
      );
  }
}
