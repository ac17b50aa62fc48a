// Stands where a page should, or a panel beside it, and offers a way on. Where the code of a page is what is missing, that is loaded as soon as
// it can be had.
import { useEffect, useState } from "react";
import { Button, EmptyState } from "../components";
import { useConnection } from "../graphql";
import { connection } from "../graphql/connection";
import { mayReload, reloadWhenAnswered, type Surroundings } from "./reload";

interface Props {
  /** It is a panel beside the page. */
  beside: boolean;
}

/** It broke: whatever is wrong with it may be gone when the page is loaded anew. */
export function Broken({ beside }: Props) {
  return (
    <div role="alert">
      <EmptyState icon="warning" title={`${nameOf(beside)} could not be shown`} action={<LoadAgain />}>
        Your money is safe. There may be a new version of it.
      </EmptyState>
    </div>
  );
}

/** Its code did not come. Somebody may be in the middle of something on a page that lacks no more than a panel. */
export function Missing({ beside }: Props) {
  const offline = useConnection() === "offline";
  const [byItself] = useState(() => !beside && mayReload(inBrowser));
  useEffect(() => {
    if (!byItself) return;
    let wanted = true;
    void reloadWhenAnswered(inBrowser, () => wanted);
    return () => void (wanted = false);
  }, [byItself]);
  return (
    <div role="alert">
      <EmptyState
        icon={offline ? "offline" : "warning"}
        title={offline ? "You are offline" : `${nameOf(beside)} could not be loaded`}
        action={<LoadAgain />}
      >
        {byItself ? "It opens by itself as soon as PayFlow can be reached." : "Your money is safe. Please try again in a moment."}
      </EmptyState>
    </div>
  );
}

function nameOf(beside: boolean): string {
  return beside ? "This panel" : "This page";
}

/** Says so where nobody answers, rather than leave for the browser's own page of errors. */
function LoadAgain() {
  const [state, setState] = useState<"idle" | "asking" | "unanswered">("idle");

  async function ask(): Promise<void> {
    setState("asking");
    if (await inBrowser.answers()) inBrowser.reload();
    else setState("unanswered");
  }

  return (
    <>
      <Button onClick={ask} busy={state === "asking"}>
        Load it again
      </Button>
      <p role="status">{state === "unanswered" && "PayFlow does not answer yet."}</p>
    </>
  );
}

const ANSWER_MS = 5_000; // the page itself is a few hundred bytes
const FAILURES_MAX = 4; // pauses grow to 2 s and no further: somebody looks at an empty page
const LAST = "payflow.reloaded";

const inBrowser: Surroundings = {
  answers: () =>
    fetch("/", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) }).then(
      (response) => response.ok,
      () => false,
    ),
  pause: (failures) => connection.pause(Math.min(failures, FAILURES_MAX)),
  reload: () => location.reload(),
  now: Date.now,
  last: {
    read: () => Number(sessionStorage.getItem(LAST) ?? 0),
    write: (at) => sessionStorage.setItem(LAST, String(at)),
  },
};
