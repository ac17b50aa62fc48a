// One of a few, as buttons in a row: which one is pressed is the choice.
import styles from "./Choice.module.css";

interface Props<Value extends string> {
  label: string;
  options: readonly { value: Value; name: string }[];
  chosen: Value;
  choose: (value: Value) => void;
}

export function Choice<Value extends string>({ label, options, chosen, choose }: Props<Value>) {
  return (
    <div role="group" aria-label={label} className={styles.choice}>
      {options.map(({ value, name }) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>
          {name}
        </button>
      ))}
    </div>
  );
}
