// A mutation that must happen once, for a form: sends it under its key, one at a time, and says what came of it.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useRef, useState } from "react";
import { type AnyVariables, getOperationName, type OperationResult, useClient } from "urql";
import { useUserId } from "../../session";
import { answered, type Command, edited, lost, ready, send, type Silence } from "./command";
import { newKey } from "./key";
import { LostKeys } from "./lostKeys";
import { afterAnother, silenceOf } from "./silence";
import { tab } from "./tab";

/** `ignored`: the same command was on its way already, whose answer goes to whoever sent it. */
export type Outcome<Data> =
  | { readonly status: "answered"; readonly data: Data }
  | { readonly status: "unanswered"; readonly silence: Silence }
  | { readonly status: "ignored" };

export interface CommandHandle<Data, Variables, Form> {
  readonly command: Command;
  /** With the form it is sent from, a reload finds that as `resumed` for as long as there is no answer. */
  readonly run: (variables: (key: string) => Variables, form?: Form) => Promise<Outcome<Data>>;
  /** To be called when the input changes. */
  readonly edit: () => void;
  /** The form of a command that was sent before this one was made, and has no answer yet: `command` has its key. */
  readonly resumed: Form | null;
}

/** `formOf` reads what `run` was given as a form: null for what is none, as an older version of the page may have left it. */
export function useCommand<Data, Variables extends AnyVariables, Form = never>(
  document: TypedDocumentNode<Data, Variables>,
  formOf: (content: unknown) => Form | null = none,
): CommandHandle<Data, Variables, Form> {
  const client = useClient();
  const name = getOperationName(document) ?? "";
  const userId = useUserId();
  const [lostKeys] = useState(() => new LostKeys(userId, tab));
  const [before] = useState(() => resume(lostKeys, name, formOf));
  const [command, show] = useState<Command>(() => (before === null ? ready(newKey()) : lost(ready(before.key), "unknown")));
  // A second click may come before the first is rendered: what counts is the ref, the state only shows it.
  const now = useRef(command);
  const become = useCallback((next: Command) => {
    now.current = next;
    show(next);
  }, []);

  const run = useCallback(
    async (variables: (key: string) => Variables, form?: Form): Promise<Outcome<Data>> => {
      const earlier = now.current;
      const sending = send(earlier);
      if (sending === null) return { status: "ignored" };
      const asked = JSON.stringify([name, variables("")]);
      const sent = { ...sending, key: lostKeys.keyFor(asked, sending.key) };
      lostKeys.sent(asked, sent.key, form === undefined ? undefined : { of: name, content: form });
      become(sent);
      const outcome = outcomeOf(await client.mutation(document, variables(sent.key)).toPromise());
      if (outcome.status === "answered") {
        lostKeys.answered(asked);
        become(answered(newKey()));
        return outcome;
      }
      const known = sent.key === sending.key ? silenceBefore(earlier) : "unknown";
      const silence = afterAnother(known, outcome.silence);
      become(lost(sent, silence));
      return { status: "unanswered", silence };
    },
    [client, document, name, lostKeys, become],
  );
  const edit = useCallback(() => {
    if (now.current.state === "unanswered") lostKeys.dropForms(name);
    become(edited(now.current, newKey()));
  }, [name, lostKeys, become]);

  return { command, run, edit, resumed: before?.form ?? null };
}

const none = () => null;

function resume<Form>(lostKeys: LostKeys, name: string, formOf: (content: unknown) => Form | null): { key: string; form: Form } | null {
  const kept = lostKeys.lastForm(name);
  const form = kept === null ? null : formOf(kept.content);
  return kept === null || form === null ? null : { key: kept.key, form };
}

function silenceBefore(command: Command): Silence | null {
  return command.state === "unanswered" ? command.silence : null;
}

type Settled<Data> = Exclude<Outcome<Data>, { status: "ignored" }>;

function outcomeOf<Data>(result: OperationResult<Data>): Settled<Data> {
  if (result.data != null) return { status: "answered", data: result.data };
  return { status: "unanswered", silence: result.error ? silenceOf(result.error, navigator.onLine) : "unknown" };
}
