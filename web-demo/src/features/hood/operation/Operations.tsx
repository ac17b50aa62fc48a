// The operations that this tab ran, and the chosen one in full.
import { useState, useSyncExternalStore } from "react";
import { useLocation } from "react-router";

import { EmptyState } from "../../../components";
import { type Recorded, recorder } from "../../../graphql/recorder";
import { Choice } from "../Choice";
import { OperationDetail } from "./OperationDetail";
import { OperationList } from "./OperationList";
import styles from "./Operations.module.css";

type Extent = "page" | "all";

const EXTENTS: readonly { value: Extent; name: string }[] = [
  { value: "page", name: "This page" },
  { value: "all", name: "All" },
];

export function Operations() {
  const recorded = useSyncExternalStore((listener) => recorder.subscribe(listener), recorder.recorded);
  const { pathname } = useLocation();
  const [extent, setExtent] = useState<Extent>("page");
  const [chosen, choose] = useState<number | null>(null);
  const records = extent === "page" ? recorded.filter(({ page, state }) => page === pathname || state === "running") : recorded;
  const record = records.find(({ id }) => id === chosen) ?? mostTelling(records);
  return (
    <div className={styles.operations}>
      <div className={styles.side}>
        <div className={styles.tools}>
          <Choice label="Whose operations" options={EXTENTS} chosen={extent} choose={setExtent} />
          <button type="button" className={styles.clear} onClick={() => recorder.clear()}>
            Clear
          </button>
        </div>
        <Since />
        <OperationList records={records} chosen={record?.id ?? null} choose={choose} />
      </div>
      {record === undefined ? (
        <EmptyState icon="clock" title="Nothing yet">
          Whatever this page asks the API will stand here.
        </EmptyState>
      ) : (
        <OperationDetail key={record.id} record={record} />
      )}
    </div>
  );
}

/** The latest that has a plan to show, else the latest. */
function mostTelling(records: readonly Recorded[]): Recorded | undefined {
  return records.findLast(({ extensions }) => "queryPlan" in extensions) ?? records.at(-1);
}

function Since() {
  const since = recorder.plansSince();
  return (
    <p className={styles.since}>
      Plans and times are recorded since {since?.toLocaleTimeString() ?? "now"}.{" "}
      <button type="button" className={styles.link} onClick={() => window.location.reload()}>
        Reload
      </button>{" "}
      to see how this page begins.
    </p>
  );
}
