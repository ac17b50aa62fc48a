// A transfer in figures and words, for one of its two parties.
import { Link } from "react-router";
import { Avatar, Card, DateTime, Facts, Money, Notice, Stack } from "../../components";
import { NOTHING_TAKEN, type Person, reasonOf, signedFor, StandingBadge } from "../../components/transfer";
import type { TransferDetailsFragment } from "../../graphql/generated/graphql";
import styles from "./Summary.module.css";

interface Props {
  of: TransferDetailsFragment;
  other: Person;
  incoming: boolean;
  /** The reader’s own, of the two. */
  walletId: string;
}

export function Summary({ of: transfer, other, incoming, walletId }: Props) {
  const { status, amount, refunded, note, reward, refundOf } = transfer;
  return (
    <Card>
      <Stack>
        <div className={styles.top}>
          <Avatar name={other.displayName} size="l" />
          <div>
            {status === "FAILED" ? <Money of={amount} size="xl" muted /> : <Money of={signedFor(amount, incoming)} size="xl" signed />}
            <p className={styles.standing}>
              <StandingBadge status={status} amount={amount.amount} refunded={refunded.amount} always />
            </p>
          </div>
        </div>
        {status === "FAILED" && (
          <Notice tone="negative">
            {reasonOf(transfer.failureCode)} {NOTHING_TAKEN}
          </Notice>
        )}
        <Facts
          facts={[
            { name: incoming ? "From" : "To", value: `${other.displayName} · @${other.handle}` },
            { name: "Note", value: note },
            { name: "Sent", value: <DateTime at={transfer.createdAt} time /> },
            {
              name: "Arrived",
              value: transfer.completedAt !== null && status === "COMPLETED" && <DateTime at={transfer.completedAt} time />,
            },
            { name: "Refunded", value: refunded.amount > 0 && <Money of={refunded} /> },
            { name: "Reward", value: reward !== null && <Reward reward={reward} /> },
            { name: "Refund of", value: refundOf !== null && <Link to={`/transfers/${refundOf.id}`}>An earlier payment</Link> },
            { name: "Wallet", value: <Link to={`/wallets/${walletId}`}>{`Your ${amount.currency} wallet`}</Link> },
          ]}
        />
      </Stack>
    </Card>
  );
}

function Reward({ reward }: { reward: NonNullable<TransferDetailsFragment["reward"]> }) {
  return (
    <span>
      <Money of={reward.amount} signed /> · {reward.campaign.name}
    </span>
  );
}
