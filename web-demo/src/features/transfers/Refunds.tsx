// What has been given back of a payment, each refund with how it stands. Those on their way are followed.
import { Card, IconDisc, List, Money, Row, TimeAgo } from "../../components";
import { reasonOf, signedFor, StandingBadge } from "../../components/transfer";
import { type FragmentType, readFragment, useLive } from "../../graphql";
import { RefundParts, TransferUpdated } from "./documents";

type Of = FragmentType<typeof RefundParts>;

export function Refunds({ of, incoming }: { of: readonly Of[]; incoming: boolean }) {
  return (
    <Card title="Refunds" flush>
      <List label="Refunds">
        {of.map((refund) => (
          <RefundRow key={readFragment(RefundParts, refund).id} of={refund} incoming={incoming} />
        ))}
      </List>
    </Card>
  );
}

function RefundRow({ of, incoming }: { of: Of; incoming: boolean }) {
  const { id, status, failureCode, createdAt, amount } = readFragment(RefundParts, of);
  useLive(TransferUpdated, { id }, { pause: status !== "PENDING" });
  const failed = status === "FAILED";
  return (
    <Row
      to={`/transfers/${id}`}
      before={<IconDisc icon="refund" />}
      title={failed ? "Could not be given back" : "Given back"}
      detail={
        <>
          <TimeAgo at={createdAt} />
          {failed && <> · {reasonOf(failureCode)}</>}
        </>
      }
      after={
        <>
          {failed ? <Money of={amount} muted /> : <Money of={signedFor(amount, incoming)} signed />}
          <StandingBadge status={status} amount={amount.amount} refunded={0} />
        </>
      }
    />
  );
}
