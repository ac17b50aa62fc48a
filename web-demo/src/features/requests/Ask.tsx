// Asking somebody for money, into a wallet of one's own.
import { type SubmitEvent, useState } from "react";
import { useQuery } from "urql";
import {
  Actions,
  Button,
  ButtonLink,
  Dialog,
  EmptyState,
  Field,
  Loaded,
  MoneyField,
  Notice,
  Problem,
  Select,
  Stack,
  toast,
} from "../../components";
import { readFragment } from "../../graphql";
import { sentenceOf, useCommand } from "../../graphql/command";
import { currencyName, formatMoney, parseMoney, sayWhy } from "../../money";
import { OwnPurses, RequestParts, RequestPayment } from "./documents";
import { type AskProblems, problemsOfAsking } from "./refusal";

const NOTE_MAX = 200;

interface Props {
  /** The handle to begin with. */
  to: string;
  onClose: () => void;
}

export function Ask({ open, ...rest }: Props & { open: boolean }) {
  return (
    <Dialog title="Request money" open={open} onClose={rest.onClose}>
      <Into {...rest} />
    </Dialog>
  );
}

function Into(props: Props) {
  const query = useQuery({ query: OwnPurses });
  return (
    <Loaded query={query}>
      {({ me }) => {
        const currencies = me.wallets.filter((wallet) => wallet.status !== "CLOSED").map((wallet) => wallet.currency);
        return currencies.length === 0 ? <NoWallet /> : <Form {...props} currencies={currencies} ownHandle={me.handle} />;
      }}
    </Loaded>
  );
}

function NoWallet() {
  return (
    <EmptyState icon="wallet" title="Open a wallet first" action={<ButtonLink to="/">Go to your wallets</ButtonLink>}>
      It is where the money will arrive.
    </EmptyState>
  );
}

function Form({ to, currencies, ownHandle, onClose }: Props & { currencies: readonly string[]; ownHandle: string }) {
  const [draft, setDraft] = useState({ to, amount: "", currency: currencies[0] ?? "", note: "" });
  const [problems, setProblems] = useState<AskProblems>({});
  const { command, run, edit } = useCommand(RequestPayment);

  function field(name: keyof typeof draft) {
    return {
      value: draft[name],
      problem: problems[name],
      onChange: (event: { target: { value: string } }) => type(name, event.target.value),
    };
  }

  function type(name: keyof typeof draft, value: string) {
    setDraft({ ...draft, [name]: value });
    setProblems({});
    edit();
  }

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const payerHandle = draft.to.trim().replace(/^@/, "").toLowerCase();
    const parsed = parseMoney(draft.amount, draft.currency);
    const found: AskProblems = {
      ...(payerHandle === "" ? { to: "Enter the handle of the person to ask." } : {}),
      ...(payerHandle === ownHandle ? { to: "This is you. Enter somebody else’s handle." } : {}),
      ...(parsed.ok ? {} : { amount: sayWhy(parsed, draft.currency) }),
    };
    setProblems(found);
    if (!parsed.ok || Object.keys(found).length > 0) return;
    const amount = { amount: parsed.amount, currency: draft.currency };
    const note = draft.note.trim() || null;
    const outcome = await run((idempotencyKey) => ({ input: { payerHandle, amount, note, idempotencyKey } }));
    if (outcome.status !== "answered") return;
    const answer = outcome.data.requestPayment;
    if (answer.__typename !== "PaymentRequest") {
      setProblems(problemsOfAsking(answer));
      return;
    }
    const asked = readFragment(RequestParts, answer);
    toast({
      id: asked.id,
      icon: "check",
      title: `You asked ${asked.payer.displayName} for ${formatMoney(amount)}`,
      to: `/requests/${asked.id}`,
    });
    onClose();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {command.state === "unanswered" && <Notice tone="warning">{sentenceOf(command.silence)}</Notice>}
        <Problem message={problems.form} />
        <Field
          label="To"
          prefix="@"
          {...field("to")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint="Who shall pay, by their handle."
        />
        <MoneyField currency={draft.currency} value={draft.amount} problem={problems.amount} onChange={(text) => type("amount", text)} />
        <Select label="Currency" {...field("currency")} hint="It arrives in your wallet of this currency.">
          {currencies.map((currency) => (
            <option key={currency} value={currency}>
              {currency} · {currencyName(currency)}
            </option>
          ))}
        </Select>
        <Field label="Note" {...field("note")} maxLength={NOTE_MAX} autoComplete="off" hint="What it is for. Both of you can read it." />
        <Actions>
          <Button type="submit" busy={command.state === "inFlight"}>
            Request money
          </Button>
        </Actions>
      </Stack>
    </form>
  );
}
