// Which kinds and which days of a statement are shown.
import { Button, Field, Select } from "../../components";
import { EVERYTHING, type Filter, isEverything, type Show, SHOWS } from "./filter";
import styles from "./FilterBar.module.css";

interface Props {
  filter: Filter;
  problem: string | null;
  onChange: (filter: Filter) => void;
}

export function FilterBar({ filter, problem, onChange }: Props) {
  return (
    <div className={styles.bar} role="search" aria-label="Statement">
      <Select label="Show" value={filter.show} onChange={(event) => onChange({ ...filter, show: event.target.value as Show })}>
        {SHOWS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <Field label="From" type="date" value={filter.from} onChange={(event) => onChange({ ...filter, from: event.target.value })} />
      <Field
        label="Until"
        type="date"
        value={filter.to}
        onChange={(event) => onChange({ ...filter, to: event.target.value })}
        problem={problem}
      />
      {!isEverything(filter) && (
        <Button variant="quiet" size="s" onClick={() => onChange(EVERYTHING)}>
          Show everything
        </Button>
      )}
    </div>
  );
}
