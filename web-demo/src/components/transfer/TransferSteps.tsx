// The steps of a transfer's saga as they happen. Before the transfer is known, those that are to come.
import { graphql, readFragment, type FragmentType } from "../../graphql";
import { Icon, type IconName } from "../Icon";
import { type Mark, type Milestone, type Names, timelineOf, tookMs } from "./timeline";
import styles from "./TransferSteps.module.css";

export const TransferStepsParts = graphql(`
  fragment TransferStepsParts on Transfer {
    id
    status
    steps {
      name
      status
      attempts
      startedAt
      finishedAt
      error
    }
  }
`);

export function TransferSteps({ of, names }: { of: FragmentType<typeof TransferStepsParts> | null; names: Names }) {
  const transfer = readFragment(TransferStepsParts, of);
  const timeline = timelineOf(transfer?.status ?? "PENDING", transfer?.steps ?? [], names);
  return (
    <ol className={styles.steps} aria-label="Steps">
      {timeline.map((milestone) => (
        <Step key={milestone.key} milestone={milestone} />
      ))}
    </ol>
  );
}

function Step({ milestone }: { milestone: Milestone }) {
  const { mark, title, detail } = milestone;
  const took = tookMs(milestone);
  return (
    <li className={styles.step} data-mark={mark}>
      <span className={styles.mark}>
        <Icon name={ICONS[mark]} size={16} />
      </span>
      <div>
        <p className={styles.title}>
          {title}
          <span className="visually-hidden">, {SPOKEN[mark]}</span>
        </p>
        {detail !== null && <p className={styles.detail}>{detail}</p>}
      </div>
      {took !== null && <span className={styles.took}>{inWords(took)}</span>}
    </li>
  );
}

const ICONS: Record<Mark, IconName> = { waiting: "clock", running: "clock", done: "check", failed: "cross", undone: "refund" };
const SPOKEN: Record<Mark, string> = {
  waiting: "not begun",
  running: "under way",
  done: "done",
  failed: "failed",
  undone: "undone",
};

function inWords(milliseconds: number): string {
  const [value, unit] = milliseconds < 1000 ? [Math.round(milliseconds), "millisecond"] : [milliseconds / 1000, "second"];
  return new Intl.NumberFormat(undefined, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
