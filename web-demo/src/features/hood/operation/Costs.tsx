// What an operation was estimated to cost and what it did, by service, and what that leaves of the budget.
import { inMs, inNumber } from "../figures";
import type { Budget, Cost } from "../plan/told";
import { toneOf } from "../tones";
import styles from "./Costs.module.css";

export function CostTable({ cost }: { cost: Cost }) {
  const most = Math.max(1, ...cost.bySubgraph.flatMap(({ estimated, actual }) => [estimated, actual ?? 0]));
  return (
    <table className={styles.costs}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Estimated</th>
          <th scope="col">Actual</th>
          <td className={styles.bars} />
        </tr>
      </thead>
      <tbody>
        {cost.bySubgraph.map(({ name, estimated, actual }) => (
          <tr key={name} style={toneOf(name)}>
            <th scope="row">{name}</th>
            <td>{inNumber(estimated)}</td>
            <td>{actual === null ? "–" : inNumber(actual)}</td>
            <td className={styles.bars} aria-hidden="true">
              <span className={styles.estimated} style={{ width: `${(estimated / most) * 100}%` }} />
              <span className={styles.actual} style={{ width: `${((actual ?? 0) / most) * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">In all</th>
          <td>{cost.estimated === null ? "–" : inNumber(cost.estimated)}</td>
          <td>{cost.actual === null ? "–" : inNumber(cost.actual)}</td>
          <td className={styles.bars}>{cost.max !== null && `one operation may cost ${inNumber(cost.max)}`}</td>
        </tr>
      </tfoot>
    </table>
  );
}

export function BudgetMeter({ budget }: { budget: Budget }) {
  const { remaining, limit, unit, plan, charged, resetAfterMs } = budget;
  return (
    <div className={styles.budget}>
      <p>
        <strong>{inNumber(remaining)}</strong> of {inNumber(limit)} left of the budget “{plan}”, in units of {unit}
      </p>
      <meter min={0} max={limit} low={limit / 10} optimum={limit} value={remaining} aria-label="Budget left" />
      <p className={styles.note}>
        This operation took {inNumber(charged)}.{" "}
        {resetAfterMs > 0 ? `The budget is full again in ${inMs(resetAfterMs)}.` : "The budget is full."}
      </p>
    </div>
  );
}
