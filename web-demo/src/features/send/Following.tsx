// The transfer as it is carried out, and what came of it: the last step.
import { useQuery } from "urql";
import { Actions, Button, ButtonLink, Card, Loaded, Notice, Stack, StepHeading } from "../../components";
import { NOTHING_TAKEN, reasonOf, TransferSteps } from "../../components/transfer";
import { type FragmentType, readFragment, useLive } from "../../graphql";
import { formatMoney } from "../../money";
import { FollowedTransfer, FollowTransfer, SentTransferUpdated } from "./documents";
import type { Payment } from "./flow";

interface Props {
  id: string;
  payment: Payment;
  onAgain: () => void;
}

export function Following({ id, payment, onAgain }: Props) {
  const query = useQuery({ query: FollowTransfer, variables: { id } });
  return (
    <Card>
      <Loaded query={query} subject={({ transfer }) => transfer}>
        {({ transfer }) => (transfer === null ? null : <Standing of={transfer} payment={payment} onAgain={onAgain} />)}
      </Loaded>
    </Card>
  );
}

function Standing({ of, payment, onAgain }: { of: FragmentType<typeof FollowedTransfer>; payment: Payment; onAgain: () => void }) {
  const transfer = readFragment(FollowedTransfer, of);
  useLive(SentTransferUpdated, { id: transfer.id }, { pause: transfer.status !== "PENDING" });
  const failed = transfer.status === "FAILED";
  return (
    <Stack>
      <StepHeading key={transfer.status}>{HEADINGS[transfer.status](payment)}</StepHeading>
      {failed && (
        <Notice tone="negative">
          {reasonOf(transfer.failureCode)} {NOTHING_TAKEN}
        </Notice>
      )}
      {transfer.status === "PENDING" && <Notice>This takes longer than usual. You need not wait: you will be told how it ends.</Notice>}
      <TransferSteps of={transfer} names={{ payer: "you", payee: payment.to.displayName }} />
      <Actions>
        <ButtonLink variant="secondary" to={`/transfers/${transfer.id}`}>
          View transfer
        </ButtonLink>
        {transfer.status !== "PENDING" && (
          <Button variant="secondary" onClick={onAgain}>
            {failed ? "Change and try again" : "Send again"}
          </Button>
        )}
        <ButtonLink to="/">Done</ButtonLink>
      </Actions>
    </Stack>
  );
}

const HEADINGS: Record<"PENDING" | "COMPLETED" | "FAILED", (payment: Payment) => string> = {
  PENDING: ({ amount, to }) => `${formatMoney(amount)} is on its way to ${to.displayName}`,
  COMPLETED: ({ amount, to }) => `You sent ${formatMoney(amount)} to ${to.displayName}`,
  FAILED: ({ to }) => `This did not reach ${to.displayName}`,
};
