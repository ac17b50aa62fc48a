// An amount of a wallet's currency to be moved, and what was wrong with it. What the button does is its caller's business.
import { type SubmitEvent, type ReactNode, useState } from "react";
import { type Command, sentenceOf } from "../graphql/command";
import { type Amount, parseMoney, sayWhy } from "../money";
import { Button } from "./Button";
import { MoneyField } from "./MoneyField";
import { Problem } from "./Notice";
import { Actions, Stack } from "./Stack";

/** What a refusal says, beside the amount or above the form. */
export interface Refusal {
  readonly about: "amount" | "form";
  readonly message: string;
}

interface Props {
  currency: string;
  action: string;
  hint?: ReactNode;
  initial?: string;
  command: Command;
  onEdit: () => void;
  /** Null where it has gone well, or is not known to have gone wrong. */
  onSubmit: (amount: Amount) => Promise<Refusal | null>;
}

export function AmountForm({ currency, action, hint, initial = "", command, onEdit, onSubmit }: Props) {
  const [text, setText] = useState(initial);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const problem = refusal?.about === "amount" ? refusal.message : null;

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const parsed = parseMoney(text, currency);
    if (parsed.ok) setRefusal(await onSubmit({ amount: parsed.amount, currency }));
    else setRefusal({ about: "amount", message: sayWhy(parsed, currency) });
  }

  function edit(next: string): void {
    setText(next);
    setRefusal(null);
    onEdit();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {command.state === "unanswered" && <Problem message={sentenceOf(command.silence)} />}
        <Problem message={refusal?.about === "form" ? refusal.message : null} />
        <MoneyField
          currency={currency}
          value={text}
          onChange={edit}
          readOnly={command.state === "inFlight"}
          problem={problem}
          hint={problem === null ? hint : null}
          required
        />
        <Actions>
          <Button type="submit" busy={command.state === "inFlight"}>
            {action}
          </Button>
        </Actions>
      </Stack>
    </form>
  );
}
