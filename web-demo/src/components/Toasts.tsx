// Where toasts come up: a live region, so that readers tell them without leaving what they read.
import { useSyncExternalStore } from "react";
import { Link } from "react-router";
import { Icon } from "./Icon";
import styles from "./Toasts.module.css";
import { dismiss, type Toast, toasts } from "./toasts";

export function Toasts() {
  const shown = useSyncExternalStore(
    (changed) => toasts.subscribe(changed),
    () => toasts.shown,
  );
  return (
    <section className={styles.region} aria-live="polite" aria-relevant="additions" aria-label="News">
      {shown.map((one) => (
        <Card key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Card({ toast: { id, icon, title, body, to } }: { toast: Toast }) {
  return (
    <div className={styles.toast}>
      <span className={styles.icon}>
        <Icon name={icon} size={18} />
      </span>
      <div className={styles.words}>
        {to === undefined ? (
          <p className={styles.title}>{title}</p>
        ) : (
          <Link to={to} className={styles.title} onClick={() => dismiss(id)}>
            {title}
          </Link>
        )}
        {body !== undefined && <p className={styles.body}>{body}</p>}
      </div>
      <button type="button" className={styles.close} onClick={() => dismiss(id)} aria-label={`Dismiss: ${title}`}>
        <Icon name="cross" size={16} />
      </button>
    </div>
  );
}
