// Whom, how much, from which wallet: the first step.
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Button, Card, Field, MoneyField, Problem, Select, Stack } from "../../components";
import { formatMoney } from "../../money";
import type { WalletFacts } from "./check";
import type { Draft, Problems } from "./flow";
import { RecentPeople } from "./RecentPeople";
import { RecipientField } from "./RecipientField";

const NOTE_MAX = 200;

interface Props {
  draft: Draft;
  problems: Problems;
  /** From a later step. */
  returned: boolean;
  ownHandle: string;
  wallets: readonly WalletFacts[];
  onType: (field: keyof Draft, value: string) => void;
  onReview: () => Promise<void>;
}

export function PaymentForm({ draft, problems, returned, ownHandle, wallets, onType, onReview }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [checks, setChecks] = useState(0);
  const wallet = wallets.find((one) => one.id === draft.walletId);
  const currency = wallet?.currency ?? "USD";

  useEffect(() => {
    if (returned) focusOn(form.current, "[aria-invalid], input");
  }, [returned]);

  // Where something is wrong, the form is still there, with the problems on it: on to the first field that has one.
  useEffect(() => {
    if (checks > 0) focusOn(form.current, "[aria-invalid]");
  }, [checks]);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    setBusy(true);
    await onReview();
    setBusy(false);
    setChecks((before) => before + 1);
  }

  return (
    <Card>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack>
          <Problem message={problems.form} />
          <RecipientField
            text={draft.to}
            ownHandle={ownHandle}
            currency={currency}
            problem={problems.to}
            onType={(text) => onType("to", text)}
          />
          {draft.to === "" && <RecentPeople onChoose={(handle) => onType("to", handle)} />}
          <MoneyField
            currency={currency}
            value={draft.amount}
            onChange={(text) => onType("amount", text)}
            problem={problems.amount}
            hint={
              wallet?.available == null || problems.amount !== undefined
                ? null
                : `${formatMoney({ amount: wallet.available, currency })} available`
            }
            required
          />
          <Select
            label="From"
            value={draft.walletId}
            onChange={(event) => onType("walletId", event.target.value)}
            problem={problems.walletId}
          >
            {wallets.map((one) => (
              <option key={one.id} value={one.id}>
                {nameOf(one)}
              </option>
            ))}
          </Select>
          <Field
            label="Note"
            value={draft.note}
            onChange={(event) => onType("note", event.target.value)}
            problem={problems.note}
            hint="If you like: what it is for. Both of you can read it."
            maxLength={NOTE_MAX}
            autoComplete="off"
          />
          <Button type="submit" wide busy={busy}>
            Review
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

/** On the first that is wrong, or else on the first there is. */
function focusOn(form: HTMLFormElement | null, selector: string): void {
  const fields = [...(form?.querySelectorAll<HTMLElement>(selector) ?? [])];
  (fields.find((field) => field.ariaInvalid === "true") ?? fields[0])?.focus();
}

function nameOf({ currency, status, available }: WalletFacts): string {
  if (status === "FROZEN") return `${currency} wallet, frozen`;
  return available === null ? `${currency} wallet` : `${currency} wallet · ${formatMoney({ amount: available, currency })}`;
}
