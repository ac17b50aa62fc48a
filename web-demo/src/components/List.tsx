// A list of things that happened: what, with whom, how much. A row with `to` is a link over its whole width.
import type { ReactNode } from "react";
import { Link } from "react-router";
import styles from "./List.module.css";

export function List({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  /** An Avatar or an IconDisc. */
  before?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  /** At the end: an amount, a badge. */
  after?: ReactNode;
  to?: string;
  /** When the row is followed. */
  onFollow?: () => void;
  /** Below the row: buttons that act on it. */
  actions?: ReactNode;
  unread?: boolean;
}

export function Row({ before, title, detail, after, to, onFollow, actions, unread = false }: RowProps) {
  return (
    <li className={styles.row} data-unread={unread || undefined}>
      {before}
      <div className={styles.words}>
        <div className={styles.title}>
          {to === undefined ? (
            title
          ) : (
            <Link to={to} className={styles.link} onClick={onFollow}>
              {title}
            </Link>
          )}
        </div>
        {detail != null && <div className={styles.detail}>{detail}</div>}
      </div>
      {after != null && <div className={styles.after}>{after}</div>}
      {actions != null && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}
