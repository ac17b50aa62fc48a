// Paying what one was asked for, from a wallet of its currency.
import { type SubmitEvent, useState } from "react";
import { useQuery } from "urql";
import { Actions, Button, ButtonLink, Dialog, EmptyState, Loaded, Notice, Problem, Select, Stack, toast } from "../../components";
import { reasonOf } from "../../components/transfer";
import { sentenceOf, useCommand } from "../../graphql/command";
import type { OwnPursesQuery, RequestPartsFragment } from "../../graphql/generated/graphql";
import { formatMoney } from "../../money";
import { OwnPurses, PayRequest } from "./documents";
import { type PayProblems, problemsOfPaying } from "./refusal";

interface Props {
  request: RequestPartsFragment;
  /** The name of who asked. */
  to: string;
  onClose: () => void;
}

export function Pay({ open, ...rest }: Props & { open: boolean }) {
  return (
    <Dialog title={`Pay ${rest.to}`} open={open} onClose={rest.onClose}>
      <Wallets {...rest} />
    </Dialog>
  );
}

type Wallet = OwnPursesQuery["me"]["wallets"][number];

function Wallets(props: Props) {
  const query = useQuery({ query: OwnPurses });
  const { currency } = props.request.amount;
  return (
    <Loaded query={query}>
      {({ me }) => {
        const wallets = me.wallets.filter((wallet) => wallet.currency === currency && wallet.status !== "CLOSED");
        return wallets.length === 0 ? <NoWallet currency={currency} /> : <Form {...props} wallets={wallets} />;
      }}
    </Loaded>
  );
}

function NoWallet({ currency }: { currency: string }) {
  return (
    <EmptyState icon="wallet" title={`You have no ${currency} wallet`} action={<ButtonLink to="/">Open a wallet</ButtonLink>}>
      Open one and top it up; the request waits.
    </EmptyState>
  );
}

function Form({ request, to, wallets, onClose }: Props & { wallets: readonly Wallet[] }) {
  const [walletId, setWalletId] = useState(wallets[0]?.id ?? "");
  const [problems, setProblems] = useState<PayProblems>({});
  const [failure, setFailure] = useState("");
  const { command, run, edit } = useCommand(PayRequest);
  const amount = formatMoney(request.amount);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    setProblems({});
    setFailure("");
    const outcome = await run((idempotencyKey) => ({ input: { id: request.id, fromWalletId: walletId, idempotencyKey } }));
    if (outcome.status !== "answered") return;
    const answer = outcome.data.payRequest;
    if (answer.__typename !== "Transfer") {
      setProblems(problemsOfPaying(answer));
      return;
    }
    if (answer.status === "FAILED") {
      setFailure(`${reasonOf(answer.failureCode)} Nothing was paid; the request is still open.`);
      return;
    }
    toast({
      id: `pay-${request.id}`,
      icon: "check",
      title: answer.status === "COMPLETED" ? `You paid ${to} ${amount}` : `${amount} is on its way to ${to}`,
      to: `/transfers/${answer.id}`,
    });
    onClose();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <p>
          {to} asks for <strong>{amount}</strong>
          {request.note != null && <> for “{request.note}”</>}.
        </p>
        {command.state === "unanswered" && <Notice tone="warning">{sentenceOf(command.silence)}</Notice>}
        <Problem message={failure} />
        <Problem message={problems.form} />
        <Select
          label="From"
          value={walletId}
          problem={problems.wallet}
          onChange={(event) => {
            setWalletId(event.target.value);
            setProblems({});
            edit();
          }}
        >
          {wallets.map((wallet) => (
            <option key={wallet.id} value={wallet.id}>
              {nameOf(wallet)}
            </option>
          ))}
        </Select>
        <Actions>
          <Button type="submit" busy={command.state === "inFlight"}>
            {`Pay ${amount}`}
          </Button>
        </Actions>
      </Stack>
    </form>
  );
}

function nameOf({ currency, status, balance }: Wallet): string {
  if (status === "FROZEN") return `${currency} wallet, frozen`;
  return balance === null ? `${currency} wallet` : `${currency} wallet, ${formatMoney(balance.available)} available`;
}
