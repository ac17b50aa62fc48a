// The session of this tab, and what components may know of it.
import { useSyncExternalStore } from "react";
import { inBrowser } from "./browser";
import { type Grant, SessionKeeper, type SessionState } from "./keeper";

export type { Grant, SessionState };

export const session = new SessionKeeper(inBrowser());

export function useSession(): SessionState {
  return useSyncExternalStore(
    (changed) => session.subscribe(changed),
    () => session.state,
  );
}

/** Who is signed in. Only for what is shown to nobody else. */
export function useUserId(): string {
  const state = useSession();
  if (state.status === "signed-out") throw new Error("nobody is signed in");
  return state.userId;
}
