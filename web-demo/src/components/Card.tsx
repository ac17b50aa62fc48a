// A quiet surface that holds things which belong together; with a heading it is a region that readers can jump to.
import { type ReactNode, useId } from "react";
import styles from "./Card.module.css";

interface Props {
  title?: string;
  /** Beside the heading: a link or a button. */
  action?: ReactNode;
  /** Without padding, for lists that reach the edges. */
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, action, flush = false, children }: Props) {
  const id = useId();
  if (title === undefined) return <div className={`${styles.card} ${flush ? styles.flush : ""}`}>{children}</div>;
  return (
    <section className={`${styles.card} ${flush ? styles.flush : ""}`} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {action}
      </header>
      {children}
    </section>
  );
}
