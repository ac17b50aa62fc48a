// The frame of a page: its title, which is also the document's and gets the focus when the page opens, so that readers begin there.
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "react-router";
import { Icon } from "./Icon";
import styles from "./Page.module.css";

interface Props {
  title: string;
  /** A sentence below the title. */
  lead?: ReactNode;
  /** Beside the title: buttons. */
  actions?: ReactNode;
  /** The page above this one. */
  back?: { to: string; label: string };
  /** As wide as a form, or as a page of cards. */
  width?: "narrow" | "wide";
  /** The title is read out and not shown. */
  titleHidden?: boolean;
  children: ReactNode;
}

export function Page({ title, lead, actions, back, width = "wide", titleHidden = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · PayFlow`;
  }, [title]);
  useEffect(() => {
    const elsewhere =
      document.activeElement === null || document.activeElement === document.body || !document.activeElement.closest("main");
    if (opened && elsewhere) heading.current?.focus({ preventScroll: true });
    opened = true;
  }, []);
  return (
    <div className={`${styles.page} ${styles[width]}`}>
      {back !== undefined && (
        <Link to={back.to} className={styles.back}>
          <Icon name="back" size={18} />
          {back.label}
        </Link>
      )}
      <header className={titleHidden ? "visually-hidden" : styles.header}>
        <div className={styles.words}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h1>
          {lead != null && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions != null && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Not at the first page: the browser has just begun to read it. */
let opened = false;
