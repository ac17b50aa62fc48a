// Whether what stands in the form can be sent: the payment to be confirmed, or what is wrong by its field. Pure. The API has the last word.
import { formatMoney, parseMoney, sayWhy } from "../../money";
import type { Draft, Payment, Problems } from "./flow";
import type { Recipient } from "./recipient";

export interface WalletFacts {
  readonly id: string;
  readonly currency: string;
  readonly status: "OPEN" | "FROZEN" | "CLOSED";
  /** In minor units; null where it is not known just now. */
  readonly available: number | null;
}

export type Checked = { readonly ok: true; readonly payment: Payment } | { readonly ok: false; readonly problems: Problems };

export function check(draft: Draft, recipient: Recipient, wallet: WalletFacts): Checked {
  const amount = checkAmount(draft.amount, wallet);
  const problems = defined({
    to: problemOfRecipient(recipient, wallet.currency),
    walletId: problemOfWallet(wallet),
    amount: amount.problem,
  });
  if (recipient.status !== "found" || amount.minorUnits === null || Object.keys(problems).length > 0) return { ok: false, problems };
  return {
    ok: true,
    payment: {
      to: { handle: recipient.person.handle, displayName: recipient.person.displayName },
      walletId: wallet.id,
      amount: { amount: amount.minorUnits, currency: wallet.currency },
      note: draft.note.trim() === "" ? null : draft.note.trim(),
    },
  };
}

/** What to say of somebody who cannot be paid; null of one who can, or of whom nothing is known yet. */
export function problemOfRecipient({ status }: Recipient, currency: string): string | null {
  switch (status) {
    case "empty":
      return "Enter the handle of the person to pay.";
    case "incomplete":
      return "A handle has at least 3 characters.";
    case "malformed":
      return "A handle has up to 30 letters, digits and underscores.";
    case "missing":
      return "Nobody goes by this handle.";
    case "oneself":
      return "This is you. Enter somebody else’s handle.";
    case "noWallet":
      return `They have no ${currency} wallet to be paid into.`;
    case "unreachable":
      return "We could not look this person up. Please try again.";
    case "looking":
    case "found":
      return null;
  }
}

function problemOfWallet({ status }: WalletFacts): string | null {
  if (status === "FROZEN") return "This wallet is frozen: no money can leave it for now.";
  return status === "CLOSED" ? "This wallet is closed." : null;
}

function checkAmount(text: string, { currency, available }: WalletFacts): { minorUnits: number | null; problem: string | null } {
  const parsed = parseMoney(text, currency);
  if (!parsed.ok) return { minorUnits: null, problem: sayWhy(parsed, currency) };
  if (available !== null && parsed.amount > available) return { minorUnits: null, problem: tooMuch({ amount: available, currency }) };
  return { minorUnits: parsed.amount, problem: null };
}

/** What is said beside an amount that the wallet does not have. */
export function tooMuch(available: { readonly amount: number; readonly currency: string }): string {
  return `Only ${formatMoney(available)} is available.`;
}

function defined(problems: Record<string, string | null>): Problems {
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== null));
}
