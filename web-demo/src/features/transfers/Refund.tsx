// Giving back some of a payment, or all that is left of it.
import { AmountForm, Dialog, type Refusal, toast } from "../../components";
import { graphql } from "../../graphql";
import { useCommand } from "../../graphql/command";
import { type Amount, editable, formatMoney } from "../../money";
import { refusalOf } from "./refusal";

const RefundMutation = graphql(`
  mutation Refund($input: RefundInput!) {
    refundTransfer(input: $input) {
      ... on Transfer {
        id
        refunded {
          amount
          currency
        }
        refunds {
          ...RefundParts
        }
      }
      ... on InsufficientFunds {
        available {
          amount
          currency
        }
      }
      ... on InvalidInput {
        field
      }
      ... on Problem {
        message
      }
    }
  }
`);

interface Payment {
  transferId: string;
  /** What can be given back of it. */
  left: Amount;
  /** The name of who gets it. */
  to: string;
}

export function Refund({ open, onClose, ...payment }: Payment & { open: boolean; onClose: () => void }) {
  return (
    <Dialog title={`Refund to ${payment.to}`} open={open} onClose={onClose}>
      <Form {...payment} onDone={onClose} />
    </Dialog>
  );
}

function Form({ transferId, left, to, onDone }: Payment & { onDone: () => void }) {
  const { command, run, edit } = useCommand(RefundMutation);

  async function submit(amount: Amount): Promise<Refusal | null> {
    if (amount.amount > left.amount) return { about: "amount", message: `At most ${formatMoney(left)} can be given back.` };
    const outcome = await run((idempotencyKey) => ({ input: { transferId, amount, idempotencyKey } }));
    if (outcome.status !== "answered") return null;
    const answer = outcome.data.refundTransfer;
    if (answer.__typename !== "Transfer") return refusalOf(answer);
    toast({ id: `refund-${transferId}`, icon: "refund", title: `You give ${formatMoney(amount)} back to ${to}` });
    onDone();
    return null;
  }

  return (
    <AmountForm
      currency={left.currency}
      action="Refund"
      initial={editable(left)}
      hint={`Up to ${formatMoney(left)}. It comes out of your ${left.currency} wallet.`}
      command={command}
      onEdit={edit}
      onSubmit={submit}
    />
  );
}
