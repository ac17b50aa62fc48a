// The people one has had to do with of late, once each, the latest first. Pure.
import { partiesOf, type Person } from "../../components/transfer/parties";

interface Transfer {
  readonly from: { readonly owner: Person };
  readonly to: { readonly owner: Person };
}

export const PEOPLE_MAX = 5; // what a phone shows in two lines

export function recentPeople(transfers: readonly Transfer[], userId: string): Person[] {
  const people = new Map<string, Person>();
  for (const transfer of transfers) {
    const { other } = partiesOf(transfer, userId);
    if (other.id !== userId && !people.has(other.id)) people.set(other.id, other);
  }
  return [...people.values()].slice(0, PEOPLE_MAX);
}
