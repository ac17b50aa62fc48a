// Opening a wallet: a currency is all it takes. Doing it twice opens one.
import { type SubmitEvent, useState } from "react";
import { useMutation } from "urql";
import { Actions, Button, Dialog, Problem, Select, Stack, toast } from "../../components";
import { graphql } from "../../graphql";
import { CURRENCIES, currencyName } from "../../money";

const OpenWalletMutation = graphql(`
  mutation OpenWallet($currency: CurrencyCode!) {
    openWallet(currency: $currency) {
      ... on Wallet {
        ...BalanceCardParts
      }
      ... on Problem {
        message
      }
    }
  }
`);

/** What most people look for. */
const COMMON = ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "INR"];

interface Props {
  open: boolean;
  onClose: () => void;
  /** Of these there is a wallet already. */
  owned: readonly string[];
}

export function OpenWallet({ open, onClose, owned }: Props) {
  return (
    <Dialog title="Open a wallet" open={open} onClose={onClose}>
      <Form owned={owned} onDone={onClose} />
    </Dialog>
  );
}

function Form({ owned, onDone }: { owned: readonly string[]; onDone: () => void }) {
  const common = COMMON.filter((code) => !owned.includes(code));
  const others = CURRENCIES.filter((code) => !owned.includes(code) && !COMMON.includes(code));
  const [currency, setCurrency] = useState(common[0] ?? others[0] ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [{ fetching, error }, openWallet] = useMutation(OpenWalletMutation);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (fetching) return;
    const answer = (await openWallet({ currency })).data?.openWallet;
    if (answer === undefined) return;
    if (answer.__typename === "InvalidInput") {
      setProblem(answer.message);
      return;
    }
    if (answer.__typename === "Wallet") toast({ id: `opened-${currency}`, icon: "wallet", title: `Your ${currency} wallet is open` });
    onDone();
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label="Currency"
          value={currency}
          problem={problem}
          hint="Money is kept as it is, and never converted."
          onChange={(event) => {
            setCurrency(event.target.value);
            setProblem(null);
          }}
        >
          <optgroup label="Often chosen">{common.map(optionOf)}</optgroup>
          <optgroup label="All others">{others.map(optionOf)}</optgroup>
        </Select>
        {error !== undefined && <Problem message="The wallet could not be opened just now. Please try again." />}
        <Actions>
          <Button type="submit" busy={fetching}>
            Open a wallet
          </Button>
        </Actions>
      </Stack>
    </form>
  );
}

function optionOf(code: string) {
  return (
    <option key={code} value={code}>
      {code} · {currencyName(code)}
    </option>
  );
}
