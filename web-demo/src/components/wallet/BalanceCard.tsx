// A wallet and what is in it, as a card that leads to its statement.
import { Link } from "react-router";
import { graphql, readFragment, type FragmentType } from "../../graphql";
import { currencyName } from "../../money";
import { Money } from "../Money";
import styles from "./BalanceCard.module.css";
import { WalletStatusBadge } from "./WalletStatusBadge";

const BalanceCardParts = graphql(`
  fragment BalanceCardParts on Wallet {
    id
    currency
    status
    balance {
      available {
        amount
        currency
      }
      held {
        amount
        currency
      }
      total {
        amount
        currency
      }
    }
  }
`);

export function BalanceCard({ of }: { of: FragmentType<typeof BalanceCardParts> }) {
  const { id, currency, status, balance } = readFragment(BalanceCardParts, of);
  return (
    <div className={styles.card} role="group" aria-label={`${currency} wallet`}>
      <div className={styles.header}>
        <Link to={`/wallets/${id}`} className={styles.link}>
          {currencyName(currency)}
        </Link>
        <WalletStatusBadge status={status} />
        <span className={styles.code} aria-hidden="true">
          {currency}
        </span>
      </div>
      {balance === null ? <p className={styles.detail}>Not known just now</p> : <Money of={balance.available} size="xl" />}
      <p className={styles.detail}>
        available
        {balance !== null && balance.held.amount > 0 && (
          <>
            , <Money of={balance.held} /> on hold
          </>
        )}
      </p>
    </div>
  );
}
