// Money that is set aside: for what, and until when it is if nothing becomes of it.
import { DateTime, IconDisc, Money, Row } from "../../components";
import { graphql, readFragment, type FragmentType } from "../../graphql";

const HoldRowParts = graphql(`
  fragment HoldRowParts on Hold {
    id
    remaining {
      amount
      currency
    }
    expiresAt
    transfer {
      id
      to {
        id
        owner {
          id
          handle
          displayName
        }
      }
    }
  }
`);

export function HoldRow({ of }: { of: FragmentType<typeof HoldRowParts> }) {
  const { remaining, expiresAt, transfer } = readFragment(HoldRowParts, of);
  return (
    <Row
      {...(transfer === null ? {} : { to: `/transfers/${transfer.id}` })}
      before={<IconDisc icon="clock" tone="warning" />}
      title={transfer === null ? "Set aside" : `For ${transfer.to.owner.displayName}`}
      detail={
        <>
          Yours again on <DateTime at={expiresAt} time /> if it is not paid
        </>
      }
      after={<Money of={remaining} />}
    />
  );
}
