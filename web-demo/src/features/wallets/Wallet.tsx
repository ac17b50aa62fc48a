// A wallet of one's own: what is in it, putting money in and taking it out. Below it stands what the page gives it: the statement.
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { Button, ButtonLink, Card, EmptyState, Facts, List, Loaded, Money, Notice, Page, Stack } from "../../components";
import { WalletStatusBadge } from "../../components/wallet";
import { graphql, readFragment, type FragmentType } from "../../graphql";
import { currencyName } from "../../money";
import { useUserId } from "../../session";
import { CloseWallet } from "./CloseWallet";
import { HoldRow } from "./HoldRow";
import { TopUp } from "./TopUp";
import styles from "./Wallet.module.css";
import { Withdraw } from "./Withdraw";

const WalletPage = graphql(`
  query WalletPage($id: ID!) {
    wallet(id: $id) {
      id
      owner {
        id
      }
      ...WalletParts
    }
  }
`);

const WalletParts = graphql(`
  fragment WalletParts on Wallet {
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
    holds {
      id
      ...HoldRowParts
    }
  }
`);

export function Wallet({ id, children }: { id: string; children: ReactNode }) {
  const userId = useUserId();
  const query = useQuery({ query: WalletPage, variables: { id } });
  return (
    <Loaded query={query} around={untitled} subject={({ wallet }) => wallet}>
      {({ wallet }) => (wallet?.owner.id === userId ? <Own of={wallet}>{children}</Own> : <NotFound />)}
    </Loaded>
  );
}

type Action = "top-up" | "withdraw" | "close";

function Own({ of, children }: { of: FragmentType<typeof WalletParts>; children: ReactNode }) {
  const wallet = readFragment(WalletParts, of);
  const [address, setAddress] = useSearchParams();
  const asked = address.get("do") === "top-up" ? "top-up" : null;
  const [action, setAction] = useState<Action | null>(asked);
  const { id, currency, status, balance, holds } = wallet;
  const held = balance?.held.amount ?? 0;

  function close(): void {
    setAction(null);
    if (address.has("do")) setAddress({}, { replace: true });
  }

  return (
    <Page
      title={`${currency} wallet`}
      lead={currencyName(currency)}
      back={HOME}
      actions={
        <>
          {status !== "CLOSED" && (
            <Button icon="plus" onClick={() => setAction("top-up")}>
              Top up
            </Button>
          )}
          {status === "OPEN" && (
            <>
              <Button icon="minus" variant="secondary" onClick={() => setAction("withdraw")}>
                Withdraw
              </Button>
              <ButtonLink icon="send" variant="secondary" to="/send">
                Send money
              </ButtonLink>
            </>
          )}
        </>
      }
    >
      <Stack gap={5}>
        {status !== "OPEN" && <Notice tone="warning">{STATUS_WORDS[status]}</Notice>}
        <Card>
          <div role="group" aria-label={`${currency} wallet`}>
            <p className={styles.label}>
              Available <WalletStatusBadge status={status} />
            </p>
            {balance === null ? <p>Not known just now</p> : <Money of={balance.available} size="xl" />}
            {balance !== null && held > 0 && (
              <Facts
                facts={[
                  { name: "On hold", value: <Money of={balance.held} /> },
                  { name: "Total", value: <Money of={balance.total} /> },
                ]}
              />
            )}
          </div>
        </Card>
        {holds !== null && holds.length > 0 && (
          <Card title="On hold" flush>
            <List label="On hold">
              {holds.map((hold) => (
                <HoldRow key={hold.id} of={hold} />
              ))}
            </List>
          </Card>
        )}
        {children}
        {status === "OPEN" && balance?.total.amount === 0 && (
          <Button variant="quiet" size="s" onClick={() => setAction("close")}>
            Close this wallet
          </Button>
        )}
      </Stack>
      <TopUp open={action === "top-up"} onClose={close} walletId={id} currency={currency} />
      <Withdraw open={action === "withdraw"} onClose={close} walletId={id} currency={currency} available={balance?.available ?? null} />
      <CloseWallet open={action === "close"} onClose={close} walletId={id} currency={currency} />
    </Page>
  );
}

/** While it is not known which wallet it is. */
function untitled(instead: ReactNode) {
  return (
    <Page title="Wallet" back={HOME}>
      <Card>{instead}</Card>
    </Page>
  );
}

function NotFound() {
  return (
    <Page title="No such wallet" back={HOME}>
      <Card>
        <EmptyState icon="wallet" title="There is no wallet of yours here" action={<ButtonLink to="/">Go to your wallets</ButtonLink>}>
          The link may be old, or another person’s.
        </EmptyState>
      </Card>
    </Page>
  );
}

const HOME = { to: "/", label: "Home" };

const STATUS_WORDS = {
  FROZEN: "This wallet is frozen: money may come in, and none may leave for now.",
  CLOSED: "This wallet is closed, for good. Its statement stays.",
};
