// Who the other one of a transfer is, and which way the money goes, for the one who reads it. Pure.

export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
}

interface Side {
  readonly owner: Person;
}

export interface Parties {
  readonly other: Person;
  readonly incoming: boolean;
}

export function partiesOf({ from, to }: { readonly from: Side; readonly to: Side }, userId: string): Parties {
  const incoming = to.owner.id === userId;
  return { other: incoming ? from.owner : to.owner, incoming };
}

/** Negative where it leaves the reader's wallet. */
export function signedFor<Amount extends { readonly amount: number }>(amount: Amount, incoming: boolean): Amount {
  return incoming ? amount : { ...amount, amount: -amount.amount };
}
