// The handle of the one who is paid, and who that is, looked up while it is typed.
import { Avatar, Field } from "../../components";
import { problemOfRecipient } from "./check";
import { useRecipient } from "./lookUp";
import type { Recipient } from "./recipient";
import styles from "./RecipientField.module.css";

interface Props {
  text: string;
  ownHandle: string;
  currency: string;
  /** What was wrong when it was last sent. */
  problem: string | undefined;
  onType: (text: string) => void;
}

/** While somebody types, these are no mistakes yet. */
const STILL_TYPING: ReadonlySet<Recipient["status"]> = new Set(["empty", "incomplete"]);

export function RecipientField({ text, ownHandle, currency, problem, onType }: Props) {
  const recipient = useRecipient(text, ownHandle, currency);
  const found = STILL_TYPING.has(recipient.status) ? null : problemOfRecipient(recipient, currency);
  const shown = found ?? (recipient.status === "found" ? null : problem);
  return (
    <div>
      <Field
        label="To"
        prefix="@"
        value={text}
        onChange={(event) => onType(event.target.value)}
        problem={shown}
        hint={text === "" ? "The handle of a person on PayFlow" : null}
        placeholder="handle"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <div role="status" className={styles.found}>
        {shown ? null : <Found recipient={recipient} />}
      </div>
    </div>
  );
}

function Found({ recipient }: { recipient: Recipient }) {
  if (recipient.status === "looking") return <p className={styles.looking}>Looking for this person…</p>;
  if (recipient.status !== "found") return null;
  const { person } = recipient;
  return (
    <p className={styles.person}>
      <Avatar name={person.displayName} />
      <span>
        <strong>{person.displayName}</strong>
        <span className={styles.handle}> @{person.handle}</span>
      </span>
    </p>
  );
}
