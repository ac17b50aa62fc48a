// Space between things, one below the other or side by side.
import type { ReactNode } from "react";
import styles from "./Stack.module.css";

export function Stack({ gap = 4, children }: { gap?: 2 | 3 | 4 | 5; children: ReactNode }) {
  return (
    <div className={styles.stack} data-gap={gap}>
      {children}
    </div>
  );
}

/** Buttons at the end of a form: side by side, or the one below the other where there is no room. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
