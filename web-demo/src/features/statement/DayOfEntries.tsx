// The entries of one day, below its date.
import { List } from "../../components";
import type { FragmentType } from "../../graphql";
import styles from "./DayOfEntries.module.css";
import { EntryRow, type EntryRowParts } from "./EntryRow";

type Entry = { id: string; createdAt: string } & FragmentType<typeof EntryRowParts>;

/** `continued`: the page before has the day's heading. */
export function DayOfEntries({ entries, continued }: { entries: readonly Entry[]; continued: boolean }) {
  const day = nameOf(entries[0]?.createdAt ?? "");
  return (
    <>
      {!continued && <h3 className={styles.day}>{day}</h3>}
      <List label={continued ? `${day}, continued` : day}>
        {entries.map((entry) => (
          <EntryRow key={entry.id} of={entry} />
        ))}
      </List>
    </>
  );
}

function nameOf(instant: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "full" }).format(new Date(instant));
}
