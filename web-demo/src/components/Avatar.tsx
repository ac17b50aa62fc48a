// A person's initials on a colour of their own, or an icon on a disc. Decoration: the name stands beside it.
import styles from "./Avatar.module.css";
import type { Tone } from "./Badge";
import { Icon, type IconName } from "./Icon";
import tones from "./tones.module.css";

const COLOURS = 6;

export function Avatar({ name, size = "m" }: { name: string; size?: "m" | "l" }) {
  return (
    <span className={`${styles.avatar} ${styles[size]}`} data-colour={colourOf(name)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

export function IconDisc({ icon, tone = "neutral" }: { icon: IconName; tone?: Tone }) {
  return (
    <span className={`${styles.avatar} ${styles.m} ${tones[tone]}`} aria-hidden="true">
      <Icon name={icon} size={18} />
    </span>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => Array.from(word ?? "")[0] ?? "");
  return letters.join("").toUpperCase();
}

function colourOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}
