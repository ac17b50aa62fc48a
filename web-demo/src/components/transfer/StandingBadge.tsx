// How a transfer stands, in a word; nothing where it has simply been completed and `always` is not asked for.
import { Badge } from "../Badge";

interface Props {
  status: "PENDING" | "COMPLETED" | "FAILED";
  /** In minor units. */
  amount: number;
  refunded: number;
  always?: boolean;
}

export function StandingBadge({ status, amount, refunded, always = false }: Props) {
  if (status === "PENDING") return <Badge tone="warning">On its way</Badge>;
  if (status === "FAILED") return <Badge tone="negative">Failed</Badge>;
  if (refunded > 0) return <Badge tone="neutral">{refunded < amount ? "Partly refunded" : "Refunded"}</Badge>;
  return always ? <Badge tone="positive">Completed</Badge> : null;
}
