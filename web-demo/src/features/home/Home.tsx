// The first page: what one has, what one can do, what has happened. Each is asked for by itself, so that what is away takes nothing else along.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { useQuery, type UseQueryState } from "urql";
import { Button, ButtonLink, Card, EmptyState, List, Loaded, LoadedLine, Notice, Page, Skeleton, Stack } from "../../components";
import { TransferRow } from "../../components/transfer";
import { BalanceCard } from "../../components/wallet";
import type { HomeActivityQuery, HomeWalletsQuery } from "../../graphql/generated/graphql";
import { HomeActivity, HomeRequests, HomeWallets } from "./documents";
import { FirstSteps } from "./FirstSteps";
import { firstStepsOf } from "./firstSteps";
import styles from "./Home.module.css";
import { OpenWallet } from "./OpenWallet";

export default function Home() {
  const wallets = useQuery({ query: HomeWallets });
  const [{ data }] = wallets;
  const [opening, setOpening] = useState(false);
  const owned = data == null ? [] : openOf(data).map((wallet) => wallet.currency);
  return (
    <Page title="Your money" actions={<Shortcuts onOpen={() => setOpening(true)} />}>
      <Stack gap={5}>
        <Asked />
        <Loaded query={wallets} around={inCard}>
          {(data) => <Wallets of={openOf(data)} />}
        </Loaded>
        <Activity wallets={wallets[0]} onOpen={() => setOpening(true)} />
      </Stack>
      <OpenWallet open={opening} onClose={() => setOpening(false)} owned={owned} />
    </Page>
  );
}

type Wallet = HomeWalletsQuery["me"]["wallets"][number];

function openOf({ me }: HomeWalletsQuery): readonly Wallet[] {
  return me.wallets.filter((wallet) => wallet.status !== "CLOSED");
}

function inCard(instead: ReactNode) {
  return <Card>{instead}</Card>;
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

/** What others ask for, where they do. */
function Asked() {
  const query = useQuery({ query: HomeRequests });
  return (
    <LoadedLine query={query} missing="Whether you are asked for money could not be loaded.">
      {({ me }) => {
        const count = me.paymentRequests.edges.filter((edge) => edge.node.payer.id === me.id).length;
        return count === 0 ? null : <SeeRequests count={count} />;
      }}
    </LoadedLine>
  );
}

function SeeRequests({ count }: { count: number }) {
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

function Wallets({ of }: { of: readonly Wallet[] }) {
  return (
    <section className={styles.wallets} aria-label="Wallets">
      {of.map((wallet) => (
        <BalanceCard key={wallet.id} of={wallet} />
      ))}
    </section>
  );
}

/** What has happened of late; for somebody new, to whom nothing has, how to begin. */
function Activity({ wallets: { data, error }, onOpen }: { wallets: UseQueryState<HomeWalletsQuery>; onOpen: () => void }) {
  const query = useQuery({ query: HomeActivity });
  const isOnItsWay = data == null && error === undefined;
  return (
    <Loaded query={query} around={latest}>
      {({ me }) => {
        const transfers = me.transfers.edges.map((edge) => edge.node);
        if (transfers.length === 0 && isOnItsWay) return latest(<Skeleton />);
        const steps = firstStepsOf(data == null ? null : openOf(data), transfers.length > 0);
        return steps === null ? <Latest transfers={transfers} /> : <FirstSteps steps={steps} onOpen={onOpen} />;
      }}
    </Loaded>
  );
}

type Transfers = readonly HomeActivityQuery["me"]["transfers"]["edges"][number]["node"][];

function Latest({ transfers }: { transfers: Transfers }) {
  if (transfers.length === 0) return latest(<NothingYet />);
  const rows = transfers.map((transfer) => <TransferRow key={transfer.id} of={transfer} />);
  return latest(<List label="Latest activity">{rows}</List>, <Link to="/transfers">See all</Link>);
}

function latest(content: ReactNode, action?: ReactNode) {
  return (
    <Card title="Latest activity" action={action} flush>
      {content}
    </Card>
  );
}

function NothingYet() {
  return (
    <EmptyState icon="send" title="Nothing yet">
      Payments that you send and receive appear here at once.
    </EmptyState>
  );
}
