// Follows every wallet of one's own: whatever page shows a balance, a statement or a transfer learns of each movement.
import { useQuery } from "urql";
import { graphql, useLive } from "../../graphql";

const OwnWallets = graphql(`
  query OwnWallets {
    me {
      id
      wallets {
        id
        status
      }
    }
  }
`);

const WalletUpdated = graphql(`
  subscription WalletUpdated($id: ID!) {
    walletUpdated(id: $id) {
      ...BalanceCardParts
    }
  }
`);

export function LiveWallets() {
  const [{ data }] = useQuery({ query: OwnWallets });
  const open = data?.me.wallets.filter((wallet) => wallet.status !== "CLOSED") ?? [];
  return open.map(({ id }) => <Follow key={id} id={id} />);
}

function Follow({ id }: { id: string }) {
  useLive(WalletUpdated, { id });
  return null;
}
