// What is known of the line to the API: shown by a banner, and waited for by whatever wants to try again.

export type ConnectionState = "idle" | "live" | "reconnecting" | "offline";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000; // somebody looks at the banner meanwhile; "online" ends a pause at once
const WITHOUT_NETWORK_MS = 60_000; // the browser says when it is back; this is for one that forgets to

/** Twice as long each time, anywhere in the upper half of it, so that clients of a router that restarts do not all come at one moment. */
export function pauseAfter(failures: number, random: () => number = Math.random): number {
  if (failures === 0) return 0;
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return longest * (0.5 + random() / 2);
}

export class Connection {
  #socket: "idle" | "live" | "lost" = "idle";
  #online: boolean;
  #wasLost = false;
  /** When the line was last opened, and last lost while it stood: of performance.now(). */
  #openedAt = 0;
  #closedAt = 0;
  readonly #listeners = new Set<() => void>();
  readonly #restored = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  constructor(online: boolean) {
    this.#online = online;
  }

  get state(): ConnectionState {
    if (!this.#online) return "offline";
    return this.#socket === "lost" ? "reconnecting" : this.#socket;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told when the line is back after it was lost: what has no cursor should be asked again. */
  onRestored(listener: () => void): () => void {
    this.#restored.add(listener);
    return () => this.#restored.delete(listener);
  }

  opened(): void {
    this.#socket = "live";
    this.#openedAt = performance.now();
    this.#changed();
    this.#wake();
    this.#tellIfRestored();
  }

  /** `wanted`: whether anything still needs the line that has closed. */
  closed(wanted: boolean): void {
    if (this.#socket === "live") this.#closedAt = performance.now();
    this.#socket = wanted ? "lost" : "idle";
    this.#wasLost ||= wanted;
    this.#changed();
  }

  wentOnline(): void {
    this.#online = true;
    this.#wake();
    this.#changed();
    this.#tellIfRestored();
  }

  wentOffline(): void {
    this.#online = false;
    this.#wasLost = true;
    this.#changed();
  }

  /** For how many milliseconds since that moment (of performance.now()) the line stood, the last time that it did. */
  stoodSince(moment: number): number {
    const end = this.#socket === "live" ? performance.now() : this.#closedAt;
    return Math.max(0, end - Math.max(this.#openedAt, moment));
  }

  /** The pause before the next try. Who tries first tries for all that wait, since they share the line; none waits once line or network are back. */
  pause(failures: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(() => this.#wake(), this.#online ? pauseAfter(failures) : WITHOUT_NETWORK_MS);
      this.#waiting.add(done);
    });
  }

  #tellIfRestored(): void {
    if (!this.#wasLost || !this.#online || this.#socket === "lost") return;
    this.#wasLost = false;
    for (const listener of this.#restored) listener();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const connection = new Connection(navigator.onLine);
addEventListener("online", () => connection.wentOnline());
addEventListener("offline", () => connection.wentOffline());
