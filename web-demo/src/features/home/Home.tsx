// The first page: what one has, what one can do, what has happened.
import { useState } from "react";
import { Link } from "react-router";
import { useQuery } from "urql";
import { Button, ButtonLink, Card, EmptyState, List, Loaded, Notice, Page, Stack } from "../../components";
import { TransferRow } from "../../components/transfer";
import { BalanceCard } from "../../components/wallet";
import { graphql } from "../../graphql";
import { FirstSteps } from "./FirstSteps";
import { firstStepsOf } from "./firstSteps";
import styles from "./Home.module.css";
import { OpenWallet } from "./OpenWallet";

const HomePage = graphql(`
  query HomePage {
    me {
      id
      displayName
      wallets {
        id
        status
        currency
        balance {
          total {
            amount
            currency
          }
        }
        ...BalanceCardParts
      }
      transfers(first: 6) {
        edges {
          node {
            id
            ...TransferRowParts
          }
        }
      }
      paymentRequests(first: 50, status: [OPEN]) {
        edges {
          node {
            id
            payer {
              id
            }
          }
        }
      }
    }
  }
`);

export default function Home() {
  const query = useQuery({ query: HomePage });
  const [opening, setOpening] = useState(false);
  return (
    <Page title="Your money" actions={<Shortcuts onOpen={() => setOpening(true)} />}>
      <Loaded query={query}>
        {({ me }) => {
          const wallets = me.wallets.filter((wallet) => wallet.status !== "CLOSED");
          const transfers = me.transfers.edges.map((edge) => edge.node);
          const asked = me.paymentRequests.edges.filter((edge) => edge.node.payer.id === me.id).length;
          const steps = firstStepsOf(wallets, transfers.length > 0);
          return (
            <Stack gap={5}>
              {asked > 0 && <Asked count={asked} />}
              <section className={styles.wallets} aria-label="Wallets">
                {wallets.map((wallet) => (
                  <BalanceCard key={wallet.id} of={wallet} />
                ))}
              </section>
              {steps !== null && <FirstSteps steps={steps} onOpen={() => setOpening(true)} />}
              {(steps === null || transfers.length > 0) && <Latest transfers={transfers} />}
              <OpenWallet open={opening} onClose={() => setOpening(false)} owned={wallets.map((wallet) => wallet.currency)} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Shortcuts({ onOpen }: { onOpen: () => void }) {
  return (
    <>
      <ButtonLink to="/send" icon="send">
        Send money
      </ButtonLink>
      <ButtonLink to="/requests" icon="request" variant="secondary">
        Request money
      </ButtonLink>
      <Button icon="plus" variant="secondary" onClick={onOpen}>
        Open a wallet
      </Button>
    </>
  );
}

function Asked({ count }: { count: number }) {
  return (
    <Notice
      action={
        <Link to="/requests">
          See {count === 1 ? "it" : "them"}
          <span className="visually-hidden">: open requests to you</span>
        </Link>
      }
    >
      {count === 1 ? "Somebody asks you for money." : `You are asked for money ${count} times.`}
    </Notice>
  );
}

type Transfers = readonly ({ id: string } & Parameters<typeof TransferRow>[0]["of"])[];

function Latest({ transfers }: { transfers: Transfers }) {
  const all = <Link to="/transfers">See all</Link>;
  return (
    <Card title="Latest activity" action={transfers.length > 0 && all} flush>
      {transfers.length === 0 ? (
        <EmptyState icon="send" title="Nothing yet">
          Payments that you send and receive appear here at once.
        </EmptyState>
      ) : (
        <List label="Latest activity">
          {transfers.map((transfer) => (
            <TransferRow key={transfer.id} of={transfer} />
          ))}
        </List>
      )}
    </Card>
  );
}
