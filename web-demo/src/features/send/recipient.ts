// What is known of the person that a handle names, while it is typed. Pure.

export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  /** Whether they have a wallet of the currency to be sent. */
  readonly canReceive: boolean;
}

export type Recipient =
  | { readonly status: "empty" | "incomplete" | "malformed" | "looking" | "missing" | "oneself" | "unreachable" }
  | { readonly status: "found" | "noWallet"; readonly person: Person };

/** The answer to the look-up of `handle`, or why there is none yet. */
export interface LookUp {
  readonly handle: string;
  readonly answer: Person | null | "pending" | "failed";
}

const HANDLE_MIN = 3;
const HANDLE = /^[a-z0-9_]{3,30}$/;

/** As people write handles: with an @ before them, with capitals, with blanks around. */
export function handleOf(text: string): string {
  return text.trim().replace(/^@/, "").toLowerCase();
}

export function isHandle(handle: string): boolean {
  return HANDLE.test(handle);
}

/** An answer to another handle than the one that stands there now says nothing about it. */
export function recipientOf(text: string, ownHandle: string, lookUp: LookUp): Recipient {
  const handle = handleOf(text);
  if (handle === "") return { status: "empty" };
  if (/[^a-z0-9_]/.test(handle) || handle.length > 30) return { status: "malformed" };
  if (handle.length < HANDLE_MIN) return { status: "incomplete" };
  if (handle === ownHandle) return { status: "oneself" };
  if (lookUp.handle !== handle || lookUp.answer === "pending") return { status: "looking" };
  if (lookUp.answer === "failed") return { status: "unreachable" };
  if (lookUp.answer === null) return { status: "missing" };
  return { status: lookUp.answer.canReceive ? "found" : "noWallet", person: lookUp.answer };
}
