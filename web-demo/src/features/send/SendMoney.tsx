// From the form by the review to the transfer: which step is shown, and what is sent.
import { useReducer } from "react";
import { useClient } from "urql";
import { readFragment } from "../../graphql";
import { useCommand } from "../../graphql/command";
import { check, type WalletFacts } from "./check";
import { FollowedTransfer, SendMoney as SendMoneyDocument } from "./documents";
import { advance, editing, EMPTY, type Flow, type Payment, reviewing } from "./flow";
import { Following } from "./Following";
import { lookUp } from "./lookUp";
import { PaymentForm } from "./PaymentForm";
import { handleOf, isHandle, recipientOf } from "./recipient";
import { problemsOf } from "./refusal";
import { Review } from "./Review";
import { type Unanswered, unansweredOf } from "./unanswered";

interface Props {
  me: { id: string; handle: string };
  /** At least one. */
  wallets: readonly WalletFacts[];
  to: string;
}

export function SendMoney({ me, wallets, to }: Props) {
  const client = useClient();
  const { command, run, edit, resumed } = useCommand(SendMoneyDocument, unansweredOf);
  const [flow, dispatch] = useReducer(advance, resumed, (unanswered) => beginning(unanswered, wallets, to));

  async function review(): Promise<void> {
    const wallet = wallets.find((one) => one.id === flow.draft.walletId);
    if (wallet === undefined) return;
    const handle = handleOf(flow.draft.to);
    const known = isHandle(handle) ? await lookUp(client, handle, wallet.currency) : { handle, answer: null };
    const checked = check(flow.draft, recipientOf(handle, me.handle, known), wallet);
    dispatch(checked.ok ? { type: "reviewed", payment: checked.payment } : { type: "refused", problems: checked.problems });
  }

  async function send(payment: Payment): Promise<void> {
    const outcome = await run((key) => ({ input: inputOf(payment, key) }), { payment, draft: flow.draft });
    if (outcome.status !== "answered") return;
    const answer = outcome.data.transfer;
    if (answer.__typename === "Transfer") dispatch({ type: "sent", transferId: readFragment(FollowedTransfer, answer).id });
    else dispatch({ type: "refused", problems: problemsOf(answer) });
  }

  function change(): void {
    edit();
    dispatch({ type: "back" });
  }

  switch (flow.step) {
    case "edit":
      return (
        <PaymentForm
          draft={flow.draft}
          problems={flow.problems}
          returned={flow.returned}
          ownHandle={me.handle}
          wallets={wallets}
          onType={(field, value) => dispatch({ type: "typed", field, value })}
          onReview={review}
        />
      );
    case "review":
      return <Review payment={flow.payment} command={command} onConfirm={() => send(flow.payment)} onBack={change} />;
    case "following":
      return <Following id={flow.transferId} payment={flow.payment} onAgain={() => dispatch({ type: "again" })} />;
  }
}

function beginning(resumed: Unanswered | null, wallets: readonly WalletFacts[], to: string): Flow {
  if (resumed !== null) return reviewing(resumed.payment, resumed.draft);
  const wallet = wallets.find((one) => one.status === "OPEN" && (one.available ?? 0) > 0) ?? wallets[0];
  return editing({ ...EMPTY, to, walletId: wallet?.id ?? "" });
}

function inputOf({ walletId, to, amount, note }: Payment, idempotencyKey: string) {
  return { fromWalletId: walletId, to: { handle: to.handle }, amount, note, idempotencyKey };
}
