// A mutation that must happen once, for a form: sends it under its key, one at a time, and says what came of it.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useRef, useState } from "react";
import { type AnyVariables, type Client, getOperationName, type OperationResult, useClient } from "urql";
import { answered, type Command, edited, lost, ready, send, type Silence } from "./command";
import { newKey } from "./key";
import { LostKeys } from "./lostKeys";
import { silenceOf } from "./silence";

/** `ignored`: the same command was on its way already, whose answer goes to whoever sent it. */
export type Outcome<Data> =
  | { readonly status: "answered"; readonly data: Data }
  | { readonly status: "unanswered"; readonly silence: Silence }
  | { readonly status: "ignored" };

export interface CommandHandle<Data, Variables> {
  readonly command: Command;
  /** `onSend` is called with the key just before it goes out. */
  readonly run: (variables: (key: string) => Variables, onSend?: (key: string) => void) => Promise<Outcome<Data>>;
  /** To be called when the input changes. */
  readonly edit: () => void;
}

/** `lostKey` is that of a command whose answer was lost before, e.g. by a reload. */
export function useCommand<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  lostKey?: string,
): CommandHandle<Data, Variables> {
  const client = useClient();
  const [command, show] = useState<Command>(() => (lostKey === undefined ? ready(newKey()) : lost(ready(lostKey), "unknown")));
  // A second click may come before the first is rendered: what counts is the ref, the state only shows it.
  const now = useRef(command);
  const become = useCallback((next: Command) => {
    now.current = next;
    show(next);
  }, []);

  const run = useCallback(
    async (variables: (key: string) => Variables, onSend?: (key: string) => void): Promise<Outcome<Data>> => {
      const sending = send(now.current);
      if (sending === null) return { status: "ignored" };
      const lostKeys = lostKeysOf(client);
      const asked = JSON.stringify([getOperationName(document), variables("")]);
      const sent = { ...sending, key: lostKeys.keyFor(asked, sending.key) };
      lostKeys.sent(asked, sent.key);
      onSend?.(sent.key);
      become(sent);
      const outcome = outcomeOf(await client.mutation(document, variables(sent.key)).toPromise());
      if (outcome.status === "answered") lostKeys.answered(asked);
      become(outcome.status === "unanswered" ? lost(sent, outcome.silence) : answered(newKey()));
      return outcome;
    },
    [client, document, become],
  );
  const edit = useCallback(() => {
    become(edited(now.current, newKey()));
  }, [become]);

  return { command, run, edit };
}

/** Of one person: another has another client. */
const byClient = new WeakMap<Client, LostKeys>();

function lostKeysOf(client: Client): LostKeys {
  const known = byClient.get(client) ?? new LostKeys();
  byClient.set(client, known);
  return known;
}

function outcomeOf<Data>(result: OperationResult<Data>): Outcome<Data> {
  if (result.data != null) return { status: "answered", data: result.data };
  return { status: "unanswered", silence: result.error ? silenceOf(result.error, navigator.onLine) : "unknown" };
}
