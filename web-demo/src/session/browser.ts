// A keeper's surroundings in a browser: localStorage, BroadcastChannel and Web Locks, each with what is done where there is none.
import { logout, refresh } from "./api";
import type { Kept, Message, Surroundings } from "./keeper";

const NAME = "payflow.session";

export function inBrowser(): Surroundings {
  return { store, channel: channel(), exclusively, refresh, logout, now: Date.now, later };
}

const store: Surroundings["store"] = {
  read: () => parse(localStorage.getItem(NAME)),
  write: (kept) => localStorage.setItem(NAME, JSON.stringify(kept)),
  clear: () => localStorage.removeItem(NAME),
};

/** What an older version or somebody else's hand wrote there is no session. */
function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    return typeof kept?.refreshToken === "string" && typeof kept.userId === "string"
      ? { refreshToken: kept.refreshToken, userId: kept.userId }
      : null;
  } catch {
    return null;
  }
}

function channel(): Surroundings["channel"] {
  const wire = new BroadcastChannel(NAME);
  return {
    post: (message) => wire.postMessage(message),
    listen: (hear) => wire.addEventListener("message", (event: MessageEvent<Message>) => hear(event.data)),
  };
}

/** Web Locks exist in secure contexts only. Elsewhere tabs may refresh at once; the API forgives that within 30 s. */
function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined ? work() : locks.request(NAME, work);
}

function later(work: () => void, milliseconds: number): () => void {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
}
