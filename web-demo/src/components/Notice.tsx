// A sentence about a whole form or page, e.g. a problem that concerns no single field. Read out when it appears.
import type { ReactNode } from "react";
import type { Tone } from "./Badge";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";
import tones from "./tones.module.css";

type NoticeTone = "info" | "positive" | "negative" | "warning";

const LOOKS: Record<NoticeTone, { icon: IconName; tone: Tone }> = {
  info: { icon: "info", tone: "accent" },
  positive: { icon: "check", tone: "positive" },
  negative: { icon: "warning", tone: "negative" },
  warning: { icon: "warning", tone: "warning" },
};

interface Props {
  tone?: NoticeTone;
  /** What one can do about it. */
  action?: ReactNode;
  children: ReactNode;
}

export function Notice({ tone = "info", action, children }: Props) {
  const look = LOOKS[tone];
  return (
    <div className={`${styles.notice} ${tones[look.tone]}`} role={tone === "negative" ? "alert" : "status"}>
      <Icon name={look.icon} size={18} />
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
