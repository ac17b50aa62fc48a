// Sending money: /send, or /send?to=handle.
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { ButtonLink, Card, EmptyState, Loaded, Page } from "../../components";
import { SendForm } from "./documents";
import { SendMoney } from "./SendMoney";

export default function Send() {
  const query = useQuery({ query: SendForm });
  const [address] = useSearchParams();
  const to = address.get("to") ?? "";
  return (
    <Page title="Send money" width="narrow">
      <Loaded query={query}>
        {({ me }) => {
          const wallets = me.wallets.filter((wallet) => wallet.status !== "CLOSED");
          if (wallets.length === 0) return <NoWallet />;
          return <SendMoney key={to} me={me} wallets={wallets.map(factsOf)} to={to} />;
        }}
      </Loaded>
    </Page>
  );
}

function NoWallet() {
  return (
    <Card>
      <EmptyState icon="wallet" title="Open a wallet first" action={<ButtonLink to="/">Go to your wallets</ButtonLink>}>
        Money is sent from a wallet of the same currency.
      </EmptyState>
    </Card>
  );
}

interface Wallet {
  id: string;
  currency: string;
  status: "OPEN" | "FROZEN" | "CLOSED";
  balance: { available: { amount: number } } | null;
}

function factsOf({ id, currency, status, balance }: Wallet) {
  return { id, currency, status, available: balance?.available.amount ?? null };
}
