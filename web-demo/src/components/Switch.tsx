// On or off, at once: a checkbox that looks like what it does.
import type { ReactNode } from "react";
import styles from "./Switch.module.css";

interface Props {
  label: ReactNode;
  detail?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, detail, checked, disabled = false, onChange }: Props) {
  return (
    <label className={styles.switch}>
      <span className={styles.words}>
        <span>{label}</span>
        {detail != null && <span className={styles.detail}>{detail}</span>}
      </span>
      <input
        type="checkbox"
        role="switch"
        className={styles.box}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
