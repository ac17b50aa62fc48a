// An amount of one currency, typed as people of this place write it. What it is in minor units is read with parseMoney.
import { Field, type FieldProps } from "./Field";
import styles from "./MoneyField.module.css";

interface Props extends Omit<FieldProps, "label" | "onChange" | "value" | "prefix" | "suffix" | "type"> {
  label?: string;
  currency: string;
  value: string;
  onChange: (text: string) => void;
}

export function MoneyField({ label = "Amount", currency, value, onChange, ...rest }: Props) {
  return (
    <Field
      inputMode="decimal"
      autoComplete="off"
      placeholder="0"
      {...rest}
      label={label}
      className={styles.amount ?? ""}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      suffix={currency}
    />
  );
}
