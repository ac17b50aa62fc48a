// Keys of commands whose answer is not there, by what they ask for. Whoever soon asks for the same again, in a form that was opened anew, say,
// does so under the same key.

const LOST_MAX = 20; // nobody waits for so many answers at once
export const LOST_MS = 300_000; // who does the same later means another

export class LostKeys {
  readonly #sent = new Map<string, { key: string; at: number }>();

  constructor(readonly now: () => number = Date.now) {}

  /** The key to ask for this under: the one it was asked for under before without an answer, else `fresh`. */
  keyFor(asked: string, fresh: string): string {
    const before = this.#sent.get(asked);
    return before !== undefined && this.now() - before.at < LOST_MS ? before.key : fresh;
  }

  sent(asked: string, key: string): void {
    this.#sent.delete(asked); // so that it becomes the latest
    this.#sent.set(asked, { key, at: this.now() });
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > LOST_MAX && oldest !== undefined) this.#sent.delete(oldest);
  }

  answered(asked: string): void {
    this.#sent.delete(asked);
  }
}
