// What ran, the latest first.
import type { Recorded } from "../../../graphql/recorder";
import { counted, inMs, inNumber } from "../figures";
import { readTold } from "../plan/told";
import styles from "./OperationList.module.css";

interface Props {
  records: readonly Recorded[];
  chosen: number | null;
  choose: (id: number) => void;
}

export function OperationList({ records, chosen, choose }: Props) {
  return (
    <ul className={styles.list} aria-label="Operations">
      {records.toReversed().map((record) => (
        <li key={record.id}>
          <button type="button" className={styles.row} aria-current={record.id === chosen || undefined} onClick={() => choose(record.id)}>
            <span className={styles.kind} data-kind={record.kind} aria-hidden="true">
              {record.kind.charAt(0).toUpperCase()}
            </span>
            <span className={styles.name}>
              {record.name}
              <span className="visually-hidden">, {record.kind}</span>
            </span>
            <span className={styles.facts}>{factsOf(record)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function factsOf(record: Recorded): string {
  const { cost } = readTold(record.extensions);
  const price = cost?.actual ?? cost?.estimated ?? null;
  return [stateOf(record), price === null ? null : `cost ${inNumber(price)}`].filter((fact) => fact !== null).join(" · ");
}

function stateOf({ state, kind, answers, startedAt, answeredAt }: Recorded): string {
  if (kind === "subscription") return `${counted(answers, "event")}${state === "running" ? ", listening" : ", ended"}`;
  if (answeredAt === null) return state === "running" ? "under way" : "given up";
  return `${state === "failed" ? "failed, " : ""}${inMs(answeredAt - startedAt)}`;
}
