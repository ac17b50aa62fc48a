// The heading of a step that has taken the place of another: it gets the focus, so that readers go on there.
import { type ReactNode, useEffect, useRef } from "react";
import styles from "./StepHeading.module.css";

export function StepHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1} className={styles.heading}>
      {children}
    </h2>
  );
}
