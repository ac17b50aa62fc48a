// A sentence about a whole form or page, e.g. a problem that concerns no single field. Read out when it appears.
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";

type NoticeTone = "info" | "positive" | "negative" | "warning";

const ICONS: Record<NoticeTone, IconName> = { info: "info", positive: "check", negative: "warning", warning: "warning" };

interface Props {
  tone?: NoticeTone;
  /** What one can do about it. */
  action?: ReactNode;
  children: ReactNode;
}

export function Notice({ tone = "info", action, children }: Props) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === "negative" ? "alert" : "status"}>
      <Icon name={ICONS[tone]} size={18} />
      <div className={styles.words}>{children}</div>
      {action}
    </div>
  );
}

/** A problem of the whole form; nothing where there is none. */
export function Problem({ message, action }: { message: string | null | undefined; action?: ReactNode }) {
  return message == null || message === "" ? null : (
    <Notice tone="negative" action={action}>
      {message}
    </Notice>
  );
}
