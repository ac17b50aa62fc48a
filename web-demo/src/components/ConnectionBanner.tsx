// Says when what is shown may be old: no network, or the line to the API is being mended. Short drops are mended before anybody is told.
import { useEffect, useState } from "react";
import { useConnection } from "../graphql";
import styles from "./ConnectionBanner.module.css";
import { Icon } from "./Icon";

const PATIENCE_MS = 1_000;

export function ConnectionBanner() {
  const state = useConnection();
  const reconnecting = useLasting(state === "reconnecting", PATIENCE_MS);
  const offline = state === "offline";
  return (
    <div role="status" className={styles.place}>
      {(offline || reconnecting) && (
        <p className={styles.banner}>
          <Icon name={offline ? "offline" : "clock"} size={16} />
          {offline ? "You are offline. What you see may be old." : "Reconnecting…"}
        </p>
      )}
    </div>
  );
}

/** Whether it has been true for so long. */
function useLasting(is: boolean, milliseconds: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!is) return;
    const timer = setTimeout(() => setLasts(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [is, milliseconds]);
  return is && lasts;
}
