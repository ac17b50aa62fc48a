// What somebody new does first, and how far they have come. Pure.

export interface Step {
  readonly key: "open" | "top-up" | "send";
  readonly done: boolean;
  /** What the next step is about, where it needs to know: the wallet to top up. */
  readonly wallet: { readonly id: string; readonly currency: string } | null;
}

interface Wallet {
  readonly id: string;
  readonly currency: string;
  readonly balance: { readonly total: { readonly amount: number } } | null;
}

/** Null for somebody who has paid or been paid, who knows the way, and while nobody knows which wallets there are. */
export function firstStepsOf(wallets: readonly Wallet[] | null, hasTransfers: boolean): readonly Step[] | null {
  if (hasTransfers || wallets === null) return null;
  const [first = null] = wallets;
  const funded = wallets.some((wallet) => (wallet.balance?.total.amount ?? 0) > 0);
  return [
    { key: "open", done: first !== null, wallet: null },
    { key: "top-up", done: funded, wallet: first },
    { key: "send", done: false, wallet: null },
  ];
}
