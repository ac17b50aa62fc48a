// A labelled field, with what is wrong with it beside it. The label is its accessible name; hint and problem are read out after it.
import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from "react";
import styles from "./Field.module.css";
import { Icon } from "./Icon";

interface Surroundings {
  label: string;
  /** What is wrong, in a sentence; nothing when nothing is. */
  problem?: string | null | undefined;
  hint?: ReactNode;
}

type Control<T> = Omit<T, "id" | "aria-describedby" | "aria-invalid"> & Surroundings;

export interface FieldProps extends Control<Omit<InputHTMLAttributes<HTMLInputElement>, "prefix">> {
  prefix?: ReactNode;
  suffix?: ReactNode;
}

export function Field({ label, problem, hint, prefix, suffix, className, ...input }: FieldProps) {
  const { frame, control } = useLabelled({ label, problem, hint });
  return frame(
    <div className={`${styles.box} ${className ?? ""}`}>
      {prefix != null && <span className={styles.affix}>{prefix}</span>}
      <input {...input} {...control} className={styles.input} />
      {suffix != null && <span className={styles.affix}>{suffix}</span>}
    </div>,
  );
}

export function TextArea({ label, problem, hint, ...input }: Control<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
  const { frame, control } = useLabelled({ label, problem, hint });
  return frame(
    <div className={styles.box}>
      <textarea rows={2} {...input} {...control} className={styles.input} />
    </div>,
  );
}

/** The browser's own list: it works with every keyboard, thumb and reader. */
export function Select({ label, problem, hint, children, ...input }: Control<SelectHTMLAttributes<HTMLSelectElement>>) {
  const { frame, control } = useLabelled({ label, problem, hint });
  return frame(
    <div className={`${styles.box} ${styles.select}`}>
      <select {...input} {...control} className={styles.input}>
        {children}
      </select>
    </div>,
  );
}

function useLabelled({ label, problem, hint }: Surroundings) {
  const id = useId();
  const wrong = problem != null && problem !== "";
  const described = [wrong ? `${id}-problem` : "", hint != null ? `${id}-hint` : ""].join(" ").trim();
  const control = { id, "aria-invalid": wrong || undefined, "aria-describedby": described || undefined };
  const frame = (body: ReactNode) => (
    <div className={styles.field} data-wrong={wrong || undefined}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {body}
      <div id={`${id}-problem`} className={styles.problem} aria-live="polite">
        {wrong && (
          <>
            <Icon name="warning" size={16} />
            <span>{problem}</span>
          </>
        )}
      </div>
      {hint != null && (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
    </div>
  );
  return { frame, control };
}
