// An amount of money, written as people of this place write it, its digits of one width.
import { graphql, readFragment, type FragmentType } from "../graphql";
import { type Amount, formatMoney } from "../money";
import styles from "./Money.module.css";

export const MoneyParts = graphql(`
  fragment MoneyParts on Money {
    amount
    currency
  }
`);

type Of = FragmentType<typeof MoneyParts> | Amount;

interface Props {
  of: Of;
  /** With a plus before what came in, and in its colour. */
  signed?: boolean;
  /** Struck through: it has not moved. */
  muted?: boolean;
  size?: "s" | "m" | "l" | "xl";
}

export function Money({ of, signed = false, muted = false, size = "m" }: Props) {
  const money = amountOf(of);
  const tone = muted ? styles.muted : signed && money.amount > 0 ? styles.positive : "";
  return <span className={`${styles.money} ${styles[size]} ${tone}`}>{formatMoney(money, { signed })}</span>;
}

/** Shown by the masked fragment or by plain numbers, e.g. of a form that is being filled in. */
function amountOf(of: Of): Amount {
  return "amount" in of ? of : readFragment(MoneyParts, of);
}
