// What a page shows instead of data: nothing there yet, still loading, could not be had, no network.
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { useConnection } from "../graphql";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import styles from "./States.module.css";

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={styles.state}>
      <span className={styles.disc}>
        <Icon name={icon} size={26} />
      </span>
      <p className={styles.title}>{title}</p>
      {children != null && <p className={styles.words}>{children}</p>}
      {action}
    </div>
  );
}

/** Grey lines in the place of those that will come. */
export function Skeleton({ lines = 3, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={styles.line} aria-hidden="true" />
      ))}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error?: CombinedError | undefined; onRetry?: (() => void) | undefined }) {
  const offline = useConnection() === "offline";
  return (
    <div className={styles.state} role="alert">
      <span className={styles.disc}>
        <Icon name={offline ? "offline" : "warning"} size={26} />
      </span>
      <p className={styles.title}>{offline ? "You are offline" : "This could not be loaded"}</p>
      <p className={styles.words}>{offline ? "It loads by itself when you are connected again." : sayWhat(error)}</p>
      {onRetry !== undefined && (
        <Button variant="secondary" size="s" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function sayWhat(error: CombinedError | undefined): string {
  if (error?.networkError) return "PayFlow does not answer. Your money is safe; please try again in a moment.";
  const code = error?.graphQLErrors[0]?.extensions.code;
  if (code === "RATE_LIMIT_EXCEEDED") return "That was a lot at once. Please wait a minute.";
  return "Something is not working on our side. Your money is safe; please try again in a moment.";
}
