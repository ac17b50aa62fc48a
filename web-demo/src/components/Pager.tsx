// Goes on with a list where it ends. What follows is a component of its own that begins after the cursor, so each page is asked for, cached and
// refreshed by itself, and the next one always begins where the one before ends now.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import styles from "./Pager.module.css";

interface Props {
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
  children: (after: string) => ReactNode;
}

export function Pager({ pageInfo: { hasNextPage, endCursor }, children }: Props) {
  const [wanted, setWanted] = useState(false);
  if (!hasNextPage || endCursor == null) return null;
  if (wanted) return <Rest>{children(endCursor)}</Rest>;
  return <ShowMore onClick={() => setWanted(true)} />;
}

/** The button that was pressed is gone: readers go on with what came in its place. */
function Rest({ children }: { children: ReactNode }) {
  const rest = useRef<HTMLDivElement>(null);
  useEffect(() => rest.current?.focus({ preventScroll: true }), []);
  return (
    <div ref={rest} tabIndex={-1} className={styles.rest}>
      {children}
    </div>
  );
}

export function ShowMore({ onClick, busy = false }: { onClick: () => void; busy?: boolean }) {
  return (
    <div className={styles.more}>
      <Button variant="quiet" size="s" onClick={onClick} busy={busy}>
        Show more
      </Button>
    </div>
  );
}
