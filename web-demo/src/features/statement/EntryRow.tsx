// A line of a statement: what it was, what it did to the balance, and what the balance was after it.
import { Avatar, IconDisc, type IconName, Money, Row, TimeOfDay } from "../../components";
import { readParties } from "../../components/transfer";
import { graphql, readFragment, type FragmentType } from "../../graphql";
import type { EntryKind } from "../../graphql/generated/graphql";
import { useUserId } from "../../session";
import styles from "./EntryRow.module.css";

export const EntryRowParts = graphql(`
  fragment EntryRowParts on Entry {
    id
    kind
    createdAt
    amount {
      amount
      currency
    }
    balanceAfter {
      amount
      currency
    }
    transfer {
      id
      note
      ...PartiesParts
    }
  }
`);

export function EntryRow({ of }: { of: FragmentType<typeof EntryRowParts> }) {
  const { kind, createdAt, amount, balanceAfter, transfer } = readFragment(EntryRowParts, of);
  const userId = useUserId();
  const { title, icon } = WORDS[kind];
  const other = transfer !== null && BETWEEN_PEOPLE.has(kind) ? readParties(transfer, userId).other : null;
  return (
    <Row
      {...(transfer === null ? {} : { to: `/transfers/${transfer.id}` })}
      before={
        other === null ? <IconDisc icon={icon} tone={amount.amount > 0 ? "positive" : "neutral"} /> : <Avatar name={other.displayName} />
      }
      title={other === null ? title : other.displayName}
      detail={
        <>
          {other !== null && <>{title} · </>}
          <TimeOfDay at={createdAt} />
          {transfer?.note != null && transfer.note !== "" && <> · {transfer.note}</>}
        </>
      }
      after={
        <>
          <Money of={amount} signed />
          <span className={styles.balance}>
            Balance <Money of={balanceAfter} size="s" />
          </span>
        </>
      }
    />
  );
}

const BETWEEN_PEOPLE: ReadonlySet<EntryKind> = new Set(["TRANSFER_IN", "TRANSFER_OUT", "REFUND_IN", "REFUND_OUT"]);

const WORDS: Record<EntryKind, { title: string; icon: IconName }> = {
  DEPOSIT: { title: "Top-up", icon: "plus" },
  WITHDRAWAL: { title: "Withdrawal", icon: "minus" },
  TRANSFER_IN: { title: "Received", icon: "in" },
  TRANSFER_OUT: { title: "Sent", icon: "out" },
  REFUND_IN: { title: "Refund to you", icon: "refund" },
  REFUND_OUT: { title: "Refund from you", icon: "refund" },
  REWARD: { title: "Reward", icon: "reward" },
  REWARD_CLAWBACK: { title: "Reward taken back", icon: "reward" },
  REVERSAL: { title: "Correction", icon: "info" },
};
