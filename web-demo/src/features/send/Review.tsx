// What will be sent, to be confirmed: the second step. It says what it knows while the payment is on its way, and when its answer is lost.
import { Link } from "react-router";
import { Actions, Avatar, Button, Card, Facts, Money, Notice, Problem, Stack, StepHeading } from "../../components";
import { TransferSteps } from "../../components/transfer";
import { type Command, leavesOpen, sentenceOf } from "../../graphql/command";
import type { Payment } from "./flow";

interface Props {
  payment: Payment;
  command: Command;
  onConfirm: () => Promise<void>;
  onBack: () => void;
}

export function Review({ payment, command, onConfirm, onBack }: Props) {
  const sending = command.state === "inFlight";
  return (
    <Card>
      <Stack>
        <StepHeading>{sending ? "Sending…" : "Is this right?"}</StepHeading>
        <Summary payment={payment} />
        {command.state === "unanswered" && <Unanswered command={command} />}
        {sending && <TransferSteps of={null} names={{ payer: "you", payee: payment.to.displayName }} />}
        <Actions>
          <Button variant="secondary" onClick={onBack} disabled={sending}>
            Change
          </Button>
          <Button onClick={onConfirm} busy={sending}>
            Confirm and send
          </Button>
        </Actions>
      </Stack>
    </Card>
  );
}

function Summary({ payment: { to, amount, note } }: { payment: Payment }) {
  return (
    <Stack>
      <Money of={amount} size="xl" />
      <Facts
        facts={[
          {
            name: "To",
            value: (
              <>
                <Avatar name={to.displayName} /> {to.displayName} · @{to.handle}
              </>
            ),
          },
          { name: "From", value: `Your ${amount.currency} wallet` },
          { name: "Note", value: note },
        ]}
      />
    </Stack>
  );
}

function Unanswered({ command: { silence } }: { command: Command & { state: "unanswered" } }) {
  if (!leavesOpen(silence)) return <Problem message={sentenceOf(silence)} />;
  return (
    <Notice tone="warning">
      {sentenceOf(silence)} Before you change it, see in <Link to="/transfers">your transfers</Link> whether it is there.
    </Notice>
  );
}
