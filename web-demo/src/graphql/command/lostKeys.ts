// Keys of commands whose answer is not there, by what they ask for. Whoever soon asks for the same again does so under the same key, also in a
// form that was opened anew or on a page that was loaded anew: the tab keeps them. They are of one person, and gone when that one signs out.

const LOST_MAX = 20; // nobody waits for so many answers at once
export const LOST_MS = 300_000; // who does the same later means another

/** What it takes to show a command again as it was sent. As long as it is kept, so is its key. */
export interface KeptForm {
  /** The operation's name. */
  readonly of: string;
  readonly content: unknown;
}

interface Sent {
  readonly asked: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly form?: KeptForm | undefined;
}

/** A text that outlives the page. */
export interface Store {
  read(): string | null;
  write(text: string): void;
}

export class LostKeys {
  constructor(
    readonly userId: string,
    readonly store: Store,
    readonly now: () => number = Date.now,
  ) {}

  /** The key to ask for this under: the one it was asked for under before without an answer, else `fresh`. */
  keyFor(asked: string, fresh: string): string {
    const before = this.#read().find((one) => one.asked === asked);
    return before !== undefined && this.#isRecent(before) ? before.key : fresh;
  }

  sent(asked: string, key: string, form?: KeptForm): void {
    this.#write([...this.#allBut(asked), { asked, key, at: this.now(), form }]); // as the latest
  }

  /** Also an answer that comes when somebody else has signed in changes nothing of theirs. */
  answered(asked: string): void {
    if (this.#read().some((one) => one.asked === asked)) this.#write(this.#allBut(asked));
  }

  /** The latest command of this name that was sent with a form. */
  lastForm(of: string): { readonly key: string; readonly content: unknown } | null {
    const latest = this.#read().findLast((one) => one.form?.of === of);
    return latest === undefined ? null : { key: latest.key, content: latest.form?.content };
  }

  /** None of this name is to be shown again. Their keys stay as those of others do. */
  dropForms(of: string): void {
    if (this.lastForm(of) === null) return;
    this.#write(this.#read().map((one) => (one.form?.of === of ? { ...one, form: undefined } : one)));
  }

  #allBut(asked: string): Sent[] {
    return this.#read().filter((one) => one.asked !== asked);
  }

  #isRecent({ at }: Sent): boolean {
    return this.now() - at < LOST_MS;
  }

  /** Nothing where somebody else's, or what an older version of the page wrote, stands there. */
  #read(): Sent[] {
    try {
      const kept = JSON.parse(this.store.read() ?? "null") as { userId?: unknown; sent?: unknown } | null;
      return kept?.userId === this.userId && Array.isArray(kept.sent) ? kept.sent.filter(isSent) : [];
    } catch {
      return [];
    }
  }

  #write(all: readonly Sent[]): void {
    const sent = all.filter((one) => one.form !== undefined || this.#isRecent(one)).slice(-LOST_MAX);
    this.store.write(JSON.stringify({ userId: this.userId, sent }));
  }
}

function isSent(kept: unknown): kept is Sent {
  const { asked, key, at } = (kept ?? {}) as Partial<Record<keyof Sent, unknown>>;
  return typeof asked === "string" && typeof key === "string" && typeof at === "number";
}
