// Putting money into a wallet.
import { AmountForm, Dialog, type Refusal, toast } from "../../components";
import { graphql } from "../../graphql";
import { useCommand } from "../../graphql/command";
import { type Amount, formatMoney } from "../../money";
import { refusalOf } from "./refusal";

const TopUpMutation = graphql(`
  mutation TopUp($input: DepositInput!) {
    deposit(input: $input) {
      ... on Entry {
        id
        amount {
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

interface Props {
  open: boolean;
  onClose: () => void;
  walletId: string;
  currency: string;
}

export function TopUp({ open, onClose, ...wallet }: Props) {
  return (
    <Dialog title="Top up" open={open} onClose={onClose}>
      <Form {...wallet} onDone={onClose} />
    </Dialog>
  );
}

function Form({ walletId, currency, onDone }: { walletId: string; currency: string; onDone: () => void }) {
  const { command, run, edit } = useCommand(TopUpMutation);

  async function submit(amount: Amount): Promise<Refusal | null> {
    const outcome = await run((idempotencyKey) => ({ input: { walletId, amount, idempotencyKey } }));
    if (outcome.status !== "answered") return null;
    const answer = outcome.data.deposit;
    if (answer.__typename !== "Entry") return refusalOf(answer);
    toast({ id: answer.id, icon: "plus", title: `${formatMoney(answer.amount)} is in your ${currency} wallet` });
    onDone();
    return null;
  }

  return (
    <AmountForm
      currency={currency}
      action="Top up"
      hint="Comes from outside of PayFlow, and is there at once."
      command={command}
      onEdit={edit}
      onSubmit={submit}
    />
  );
}
