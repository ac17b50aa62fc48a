// GraphiQL, the router's own page, in a frame: with this tab's token filled in, and with an operation where one was to be opened.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

import { EmptyState, Page, Skeleton } from "../../../components";
import { session } from "../../../session";
import styles from "./ExplorerPage.module.css";
import { headersFor, isReady, type Lent, themeInForce } from "./lending";

const ADDRESS = "/graphql";
const RENEW_MS = 30_000; // looked at so often; a token is renewed a minute before its end

export default function ExplorerPage() {
  const isThere = useIsThere();
  const frame = useRef<HTMLIFrameElement>(null);
  useLender(frame);
  return (
    <Page title="Explorer">
      {isThere === null && <Skeleton label="Loading the explorer" />}
      {isThere === false && (
        <EmptyState icon="search" title="No explorer here">
          This router keeps its explorer off. Whoever runs it turns it on with <code>explorer.enabled</code>.
        </EmptyState>
      )}
      {isThere && (
        <>
          <p className={styles.note}>
            The API itself, as you: your access token stands in the tab Headers and is renewed while you are here. What you run is real.
          </p>
          <iframe ref={frame} className={styles.frame} src={ADDRESS} title="GraphiQL" />
        </>
      )}
    </Page>
  );
}

/** Whether the router serves its page; null while that is not known. */
function useIsThere(): boolean | null {
  const [isThere, setThere] = useState<boolean | null>(null);
  useEffect(() => {
    const aborting = new AbortController();
    fetch(ADDRESS, { method: "HEAD", headers: { accept: "text/html" }, signal: aborting.signal })
      .then((response) => setThere(response.ok && (response.headers.get("content-type") ?? "").startsWith("text/html")))
      .catch(() => {
        if (!aborting.signal.aborted) setThere(false);
      });
    return () => aborting.abort();
  }, []);
  return isThere;
}

function useLender(frame: RefObject<HTMLIFrameElement | null>): void {
  const opened = useLocation().state as Pick<Lent, "query" | "variables"> | null;
  const lend = useCallback(
    async (more: Partial<Lent> = {}) => {
      const token = await session.accessToken().catch(() => null);
      const message: Lent = { headers: headersFor(token), theme: theme(), ...more };
      frame.current?.contentWindow?.postMessage({ explorer: "lend", ...message }, window.location.origin);
    },
    [frame],
  );
  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      if (isReady(event, frame.current?.contentWindow ?? null, window.location.origin)) void lend(opened ?? {});
    };
    window.addEventListener("message", onMessage);
    const forgetSession = session.subscribe(() => void lend());
    const timer = setInterval(() => void lend(), RENEW_MS);
    return () => {
      window.removeEventListener("message", onMessage);
      forgetSession();
      clearInterval(timer);
    };
  }, [frame, lend, opened]);
}

function theme(): "light" | "dark" {
  return themeInForce(document.documentElement.dataset.theme, window.matchMedia("(prefers-color-scheme: dark)").matches);
}
