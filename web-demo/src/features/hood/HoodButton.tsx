// The one part of the panel that every page has: a button, and a place for what it opens.
import { type ReactNode, useId } from "react";

import { changeDock, useDock } from "./dock";
import styles from "./HoodButton.module.css";

/** What the panel needs of its button. */
export interface Panel {
  id: string;
  close: () => void;
}

/** `children` is the panel, while it is open. */
export function HoodButton({ children }: { children: (panel: Panel) => ReactNode }) {
  const { isOpen } = useDock();
  const panel = useId();
  const button = `${panel}-button`;
  const close = () => {
    changeDock({ isOpen: false });
    document.getElementById(button)?.focus();
  };
  return (
    <>
      <button
        id={button}
        type="button"
        className={styles.button}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panel : undefined}
        onClick={() => (isOpen ? close() : changeDock({ isOpen: true }))}
      >
        <svg
          viewBox="0 0 24 24"
          width="16"
          height="16"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.75"
          aria-hidden="true"
          focusable="false"
        >
          <path d="M9.5 3.500h5v4h-5ZM3.5 16.500h5v4h-5Zm12 0h5v4h-5ZM12 7.500V12m-6 4.500V12h12v4.500" strokeLinejoin="round" />
        </svg>
        Under the hood
      </button>
      {isOpen && children({ id: panel, close })}
    </>
  );
}
