// A transfer in a list: with whom, which way, how much, and how it stands where it is not simply done.
import { graphql, readFragment, type FragmentType } from "../../graphql";
import { useUserId } from "../../session";
import { Avatar } from "../Avatar";
import { Row } from "../List";
import { Money } from "../Money";
import { TimeAgo } from "../Time";
import { signedFor } from "./parties";
import { readParties } from "./PartiesParts";
import { StandingBadge } from "./StandingBadge";

const TransferRowParts = graphql(`
  fragment TransferRowParts on Transfer {
    id
    kind
    status
    note
    createdAt
    amount {
      amount
      currency
    }
    refunded {
      amount
      currency
    }
    ...PartiesParts
  }
`);

export function TransferRow({ of }: { of: FragmentType<typeof TransferRowParts> }) {
  const transfer = readFragment(TransferRowParts, of);
  const { other, incoming } = readParties(transfer, useUserId());
  const failed = transfer.status === "FAILED";
  return (
    <Row
      to={`/transfers/${transfer.id}`}
      before={<Avatar name={other.displayName} />}
      title={other.displayName}
      detail={
        <>
          {wayOf(transfer.kind, incoming)} <TimeAgo at={transfer.createdAt} />
          {transfer.note !== null && transfer.note !== "" && <> · {transfer.note}</>}
        </>
      }
      after={
        <>
          {failed ? <Money of={transfer.amount} muted /> : <Money of={signedFor(transfer.amount, incoming)} signed />}
          <StandingBadge status={transfer.status} amount={transfer.amount.amount} refunded={transfer.refunded.amount} />
        </>
      }
    />
  );
}

function wayOf(kind: "PAYMENT" | "REFUND", incoming: boolean): string {
  if (kind === "REFUND") return incoming ? "Refund to you" : "Refund from you";
  return incoming ? "Paid you" : "Paid by you";
}
