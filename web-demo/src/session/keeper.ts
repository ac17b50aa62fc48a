// Keeps a session alive in one tab: the access token in memory, the refresh token where all tabs find it, one refresh at a time among them all.

/** What the API grants at sign-in and at each refresh. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  /** Seconds the access token is valid. */
  expiresIn: number;
  userId: string;
}

export interface Kept {
  refreshToken: string;
  userId: string;
}

export interface AccessToken {
  token: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  expiresAt: number;
  /** From when on the next one is asked for, by the same clock: while this one still serves, so that nobody waits. */
  renewAt: number;
}

export type SessionState =
  { status: "signed-out"; because: "nobody-yet" | "signed-out" | "ended" } | { status: "signed-in"; userId: string; generation: number };

export type Message =
  { kind: "started" | "refreshed"; userId: string; access: AccessToken } | { kind: "left"; because: "signed-out" | "ended" };

/** What the keeper needs of its surroundings, so that tests can bring their own. */
export interface Surroundings {
  store: { read(): Kept | null; write(kept: Kept): void; clear(): void };
  channel: { post(message: Message): void; listen(hear: (message: Message) => void): void };
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** The next grant, or null where the token is refused for good. Rejects when nobody can tell just now. */
  refresh(refreshToken: string): Promise<Grant | null>;
  logout(refreshToken: string): Promise<void>;
  now(): number;
  later(work: () => void, milliseconds: number): () => void;
}

const AHEAD_SHARE = 1 / 3; // of a token's life: short ones are not asked for all the time
const AHEAD_MAX_MS = 60_000; // long ones are used for nearly all of theirs
const USABLE_MS = 5_000; // what must be left for a request to arrive in time
const SPREAD_MS = 5_000; // tabs do not all wake at one moment; a token of 30 s, the shortest, is usable until the last of them wakes
const RETRY_MS = 5_000; // after a refresh that nobody answered

/** How long before its end a token that is valid for this long is replaced, in milliseconds. */
export function renewedAhead(lifeMs: number): number {
  return Math.min(lifeMs * AHEAD_SHARE, AHEAD_MAX_MS);
}

export class SessionKeeper {
  #state: SessionState;
  #access: AccessToken | null = null;
  #refreshing: Promise<string | null> | null = null;
  #cancelTimer: () => void = () => undefined;
  #generation = 1;
  readonly #listeners = new Set<() => void>();
  readonly #around: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#around = surroundings;
    const kept = surroundings.store.read();
    this.#state = kept === null ? { status: "signed-out", because: "nobody-yet" } : this.#signedIn(kept.userId);
    surroundings.channel.listen((message) => this.#hear(message));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The token that requests carry now, if there is one with time left. */
  get token(): string | null {
    return this.#access !== null && this.#left(this.#access) > USABLE_MS ? this.#access.token : null;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Signed in or up: this grant is the session from now on, in all tabs. */
  start(grant: Grant): void {
    const access = this.#keep(grant);
    this.#become(this.#signedIn(grant.userId));
    this.#around.channel.post({ kind: "started", userId: grant.userId, access });
  }

  /** A token that can be used, refreshed first where need be; null when signed out. Rejects when that cannot be had just now. */
  async accessToken(): Promise<string | null> {
    return this.#state.status === "signed-out" ? null : (this.token ?? this.refresh());
  }

  /** The next token, unless another tab has it already. `rejected` is one that the API has refused, however fresh it looks. */
  refresh(rejected: string | null = null): Promise<string | null> {
    this.#refreshing ??= this.#around
      .exclusively(() => this.#refreshAlone(rejected))
      .catch((error: unknown) => {
        this.#wake(RETRY_MS);
        throw error;
      })
      .finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Signs out in all tabs at once, then tells the API; what it answers changes nothing here. */
  async end(): Promise<void> {
    const kept = this.#around.store.read();
    this.#leave("signed-out");
    if (kept !== null) await this.#around.logout(kept.refreshToken).catch(() => undefined);
  }

  async #refreshAlone(rejected: string | null): Promise<string | null> {
    const kept = this.#around.store.read(); // only now: another tab may have changed it while this one waited
    if (kept === null) return this.#leave("signed-out");
    const heard = this.#access;
    if (heard !== null && heard.token !== rejected && this.#around.now() < heard.renewAt) return heard.token;
    const grant = await this.#around.refresh(kept.refreshToken);
    if (this.#around.store.read()?.refreshToken !== kept.refreshToken) return this.token; // signed out or in anew meanwhile
    if (grant === null) return this.#leave("ended");
    const access = this.#keep(grant);
    this.#around.channel.post({ kind: "refreshed", userId: grant.userId, access });
    return access.token;
  }

  #keep(grant: Grant): AccessToken {
    this.#around.store.write({ refreshToken: grant.refreshToken, userId: grant.userId });
    const lifeMs = grant.expiresIn * 1000;
    const expiresAt = this.#around.now() + lifeMs;
    const access = { token: grant.accessToken, expiresAt, renewAt: expiresAt - renewedAhead(lifeMs) };
    this.#adopt(access);
    return access;
  }

  #adopt(access: AccessToken): void {
    this.#access = access;
    this.#wake(Math.max(access.renewAt - this.#around.now(), RETRY_MS));
  }

  #leave(because: "signed-out" | "ended"): null {
    this.#around.store.clear();
    this.#around.channel.post({ kind: "left", because });
    this.#forget(because);
    return null;
  }

  #forget(because: "signed-out" | "ended"): void {
    this.#access = null;
    this.#cancelTimer();
    this.#become({ status: "signed-out", because });
  }

  #hear(message: Message): void {
    if (message.kind === "left") return this.#forget(message.because);
    this.#adopt(message.access);
    const known = this.#state.status === "signed-in" && this.#state.userId === message.userId;
    if (message.kind === "started" || !known) this.#become(this.#signedIn(message.userId));
  }

  #wake(milliseconds: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#around.later(
      () => {
        if (this.#state.status === "signed-in") this.refresh().catch(() => undefined); // it has set the next alarm itself
      },
      milliseconds + Math.random() * SPREAD_MS,
    );
  }

  #left(access: AccessToken): number {
    return access.expiresAt - this.#around.now();
  }

  #signedIn(userId: string): SessionState {
    return { status: "signed-in", userId, generation: this.#generation++ };
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
