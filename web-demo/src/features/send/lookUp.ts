// Finds the person who goes by a handle, and whether they can be paid in a currency.
import { useEffect, useState } from "react";
import { type Client, type RequestPolicy, useClient } from "urql";
import { FindRecipient } from "./documents";
import { handleOf, isHandle, type LookUp, type Recipient, recipientOf } from "./recipient";

const PAUSE_MS = 300; // in which people go on typing

/** Asks the API, unless it has told already that they can be paid: who could not be a moment ago may have opened a wallet since. */
export async function lookUp(client: Client, handle: string, currency: string): Promise<LookUp> {
  const ask = (requestPolicy: RequestPolicy) => client.query(FindRecipient, { handle, currency }, { requestPolicy }).toPromise();
  const known = await ask("cache-only");
  const { data, error } = known.data?.userByHandle?.wallet == null ? await ask("network-only") : known;
  if (data == null || error !== undefined) return { handle, answer: "failed" };
  const person = data.userByHandle;
  return { handle, answer: person === null ? null : { ...person, canReceive: person.wallet !== null } };
}

/** Who `text` names, looked up once typing pauses. */
export function useRecipient(text: string, ownHandle: string, currency: string): Recipient {
  const client = useClient();
  const handle = handleOf(text);
  const wanted = isHandle(handle) && handle !== ownHandle;
  const [found, setFound] = useState<{ currency: string; lookUp: LookUp } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let left = false;
    const timer = setTimeout(() => {
      void lookUp(client, handle, currency).then((answer) => left || setFound({ currency, lookUp: answer }));
    }, PAUSE_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, wanted, handle, currency]);
  return recipientOf(text, ownHandle, found?.currency === currency ? found.lookUp : { handle: "", answer: "pending" });
}
