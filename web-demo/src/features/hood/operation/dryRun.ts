// The plan of an operation that came without one: a subscription, which runs over the socket, or one from before plans were asked for.
// The router plans it and asks nobody; what stood for a secret in it is as good as the secret then.
import { PLAN_HEADER, type Recorded } from "../../../graphql/recorder";
import { session } from "../../../session";
import { readTold, type Told } from "../plan/told";

const TIMEOUT_MS = 10_000;

/** What the router tells of it. Rejects, with a sentence for people, where it tells nothing. */
export async function dryRun({ document, variables }: Recorded): Promise<Told> {
  const token = await session.accessToken();
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
      [PLAN_HEADER]: "dry-run",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = (await response.json()) as { extensions?: Record<string, unknown>; errors?: { message: string }[] };
  const told = readTold(answer.extensions ?? {});
  if (told.plan === null) throw new Error(answer.errors?.[0]?.message ?? "The router shows no plans: explorer.query_plans is off there.");
  return told;
}
