// Taking money out of a wallet.
import { AmountForm, Dialog, type Refusal, toast } from "../../components";
import { graphql } from "../../graphql";
import { useCommand } from "../../graphql/command";
import { type Amount, formatMoney } from "../../money";
import { refusalOf } from "./refusal";

const WithdrawMutation = graphql(`
  mutation Withdraw($input: WithdrawInput!) {
    withdraw(input: $input) {
      ... on Entry {
        id
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

interface Wallet {
  walletId: string;
  currency: string;
  available: Amount | null;
}

export function Withdraw({ open, onClose, ...wallet }: Wallet & { open: boolean; onClose: () => void }) {
  return (
    <Dialog title="Withdraw" open={open} onClose={onClose}>
      <Form {...wallet} onDone={onClose} />
    </Dialog>
  );
}

function Form({ walletId, currency, available, onDone }: Wallet & { onDone: () => void }) {
  const { command, run, edit } = useCommand(WithdrawMutation);

  async function submit(amount: Amount): Promise<Refusal | null> {
    const outcome = await run((idempotencyKey) => ({ input: { walletId, amount, idempotencyKey } }));
    if (outcome.status !== "answered") return null;
    const answer = outcome.data.withdraw;
    if (answer.__typename !== "Entry") return refusalOf(answer);
    toast({ id: answer.id, icon: "minus", title: `You withdrew ${formatMoney(amount)}` });
    onDone();
    return null;
  }

  return (
    <AmountForm
      currency={currency}
      action="Withdraw"
      hint={available === null ? null : `${formatMoney(available)} available`}
      command={command}
      onEdit={edit}
      onSubmit={submit}
    />
  );
}
