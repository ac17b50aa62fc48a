// That a wallet is not open, in a word.
import { Badge } from "../Badge";

export function WalletStatusBadge({ status }: { status: "OPEN" | "FROZEN" | "CLOSED" }) {
  if (status === "OPEN") return null;
  return status === "FROZEN" ? <Badge tone="warning">Frozen</Badge> : <Badge>Closed</Badge>;
}
