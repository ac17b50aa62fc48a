// The mark and the name.
import styles from "./Logo.module.css";

export function Logo() {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="9" className={styles.tile} />
        <path d="M8 20.5c3.4 0 3.8-9 7.2-9s3.8 9 7.3 9" className={styles.wave} />
        <circle cx="23" cy="11" r="2.3" className={styles.dot} />
      </svg>
      PayFlow
    </span>
  );
}
