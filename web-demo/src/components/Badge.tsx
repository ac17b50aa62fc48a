// A word about the state of something. Its colour repeats what the word says.
import type { ReactNode } from "react";
import styles from "./Badge.module.css";
import tones from "./tones.module.css";

export type Tone = "neutral" | "accent" | "positive" | "negative" | "warning";

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${styles.badge} ${tones[tone]}`}>{children}</span>;
}
