/*
 * A command: a mutation that must happen once however often it is sent. Pure: the idempotency key it carries, and what is known of it.
 *
 *   ready ──send──▶ inFlight ──answered──▶ ready (new key: the old one has its answer, refusals included)
 *                    │   ▲
 *                  lost  send (same key: should the first have arrived, the second is answered the same and moves nothing)
 *                    ▼   │
 *                 unanswered ──edited──▶ ready (new key: another input is another command)
 */
export type Command =
  | { readonly state: "ready"; readonly key: string }
  | { readonly state: "inFlight"; readonly key: string }
  | { readonly state: "unanswered"; readonly key: string; readonly silence: Silence };

/** Why there is no answer. `offline` and `unknown` leave open whether the command has been carried out: it may have been on its way already. */
export type Silence = "offline" | "notBegun" | "rejected" | "unknown";

export function ready(key: string): Command {
  return { state: "ready", key };
}

/** The command on its way, or null while it is on its way already: a second click sends nothing. */
export function send(command: Command): Command | null {
  return command.state === "inFlight" ? null : { state: "inFlight", key: command.key };
}

export function answered(nextKey: string): Command {
  return ready(nextKey);
}

export function lost(command: Command, silence: Silence): Command {
  return { state: "unanswered", key: command.key, silence };
}

/** The input has been changed. A key that was never sent stays good; one whose answer is not known belongs to the input it was sent with. */
export function edited(command: Command, nextKey: string): Command {
  return command.state === "unanswered" ? ready(nextKey) : command;
}
