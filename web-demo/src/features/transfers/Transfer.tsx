// One transfer: who, how much, how it stands, step by step; what has been given back of it, and giving it back.
import { type ReactNode, useState } from "react";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { Button, ButtonLink, Card, EmptyState, Loaded, Page } from "../../components";
import { PartiesParts, partiesOf, TransferSteps } from "../../components/transfer";
import { type FragmentType, readFragment, useLive } from "../../graphql";
import { useUserId } from "../../session";
import { RefundParts, TransferDetails, TransferPage, TransferUpdated } from "./documents";
import { Refund } from "./Refund";
import { refundableBy } from "./refundable";
import { Refunds } from "./Refunds";
import { Summary } from "./Summary";

export default function Transfer() {
  const { id = "" } = useParams();
  const query = useQuery({ query: TransferPage, variables: { id } });
  return (
    <Loaded query={query} around={untitled} subject={({ transfer }) => transfer}>
      {({ transfer }) => (transfer === null ? <NotFound /> : <Details key={id} of={transfer} />)}
    </Loaded>
  );
}

/** While it is not known whose transfer it is. */
function untitled(instead: ReactNode) {
  return (
    <Page title="Transfer" back={BACK} width="narrow">
      <Card>{instead}</Card>
    </Page>
  );
}

function Details({ of }: { of: FragmentType<typeof TransferDetails> }) {
  const transfer = readFragment(TransferDetails, of);
  const { id, status, kind } = transfer;
  const parties = readFragment(PartiesParts, transfer);
  useLive(TransferUpdated, { id }, { pause: status !== "PENDING" });
  const [refunding, setRefunding] = useState(false);
  const { other, incoming } = partiesOf(parties, useUserId());
  const refunds = readFragment(RefundParts, transfer.refunds);
  const refundable = refundableBy(incoming, { ...transfer, refunds });
  return (
    <Page
      title={titleOf(kind, incoming, other.displayName)}
      back={BACK}
      width="narrow"
      actions={
        <>
          {refundable !== null && (
            <Button icon="refund" variant="secondary" onClick={() => setRefunding(true)}>
              Refund
            </Button>
          )}
          {kind === "PAYMENT" && !incoming && (
            <ButtonLink icon="send" variant="secondary" to={`/send?to=${other.handle}`}>
              Send again
            </ButtonLink>
          )}
        </>
      }
    >
      <Summary of={transfer} other={other} incoming={incoming} walletId={(incoming ? parties.to : parties.from).id} />
      <Card title="Step by step">
        <TransferSteps of={transfer} names={{ payer: incoming ? other.displayName : "you", payee: incoming ? "you" : other.displayName }} />
      </Card>
      {refunds.length > 0 && <Refunds of={transfer.refunds} incoming={!incoming} />}
      {refundable !== null && (
        <Refund open={refunding} onClose={() => setRefunding(false)} transferId={id} left={refundable} to={other.displayName} />
      )}
    </Page>
  );
}

function NotFound() {
  return (
    <Page title="No such transfer" back={BACK} width="narrow">
      <Card>
        <EmptyState icon="search" title="There is no transfer of yours here">
          The link may be old, or meant for somebody else.
        </EmptyState>
      </Card>
    </Page>
  );
}

function titleOf(kind: "PAYMENT" | "REFUND", incoming: boolean, name: string): string {
  if (kind === "REFUND") return incoming ? `Refund from ${name}` : `Refund to ${name}`;
  return incoming ? `From ${name}` : `To ${name}`;
}

const BACK = { to: "/transfers", label: "Transfers" };
