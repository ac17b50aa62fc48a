/*
 * The saga of a transfer as a person follows it: the steps there have been, in words, and those that are yet to come. Pure.
 * HOLD sets the payer's money aside, CAPTURE pays it to the payee, RELEASE gives it back where it could not be paid.
 */
import type { SagaStepStatus, TransferStatus } from "../../graphql/generated/graphql";
import { reasonOf } from "./failure";

export type Mark = "waiting" | "running" | "done" | "failed" | "undone";

export interface Milestone {
  readonly key: string;
  readonly mark: Mark;
  readonly title: string;
  readonly detail: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface Step {
  readonly name: string;
  readonly status: SagaStepStatus;
  readonly attempts: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly error: string | null;
}

/** What the two parties are called in a sentence: a name, or "you". */
export interface Names {
  readonly payer: string;
  readonly payee: string;
}

/** The milestones of a transfer in order; before it has been sent, with no steps, those that are to come. */
export function timelineOf(status: TransferStatus, steps: readonly Step[], names: Names): Milestone[] {
  const past = steps.map((step) => milestoneOf(step, names));
  return [...past, ...toCome(status, steps, names)];
}

function milestoneOf(step: Step, names: Names): Milestone {
  const mark = MARKS[step.status];
  return {
    key: step.name,
    mark,
    title: titleOf(step.name, mark, names),
    detail: detailOf(step),
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
  };
}

function toCome(status: TransferStatus, steps: readonly Step[], names: Names): Milestone[] {
  const begun = new Set(steps.map((step) => step.name));
  if (status !== "PENDING" || begun.has("RELEASE")) return [];
  return ["HOLD", "CAPTURE"]
    .filter((name) => !begun.has(name))
    .map((name) => ({
      key: name,
      mark: "waiting",
      title: titleOf(name, "waiting", names),
      detail: null,
      startedAt: null,
      finishedAt: null,
    }));
}

const MARKS: Record<SagaStepStatus, Mark> = { RUNNING: "running", DONE: "done", FAILED: "failed", COMPENSATED: "undone" };

/** Steps that are added to the saga later are told by their own name. */
function titleOf(name: string, mark: Mark, names: Names): string {
  return TITLES[name]?.(names)[mark] ?? name;
}

const TITLES: Readonly<Record<string, (names: Names) => Record<Mark, string>>> = {
  HOLD: ({ payer }) => ({
    waiting: "Set the money aside",
    running: `Setting the money aside in ${whose(payer)} wallet`,
    done: "Money set aside",
    failed: "The money could not be set aside",
    undone: "Money set aside, then given back",
  }),
  CAPTURE: ({ payee }) => ({
    waiting: `Pay ${payee}`,
    running: `Paying ${payee}`,
    done: `Paid to ${payee}`,
    failed: `${atStart(payee)} could not be paid`,
    undone: `Payment to ${payee} taken back`,
  }),
  RELEASE: ({ payer }) => ({
    waiting: "Give the money back",
    running: `Giving the money back to ${payer}`,
    done: `Money back with ${payer}`,
    failed: "Nothing to give back: it had been paid",
    undone: "Giving back was undone",
  }),
};

const whose = (name: string): string => (name === "you" ? "your" : `${name}’s`);
const atStart = (name: string): string => (name === "you" ? "You" : name);

function detailOf(step: Step): string | null {
  if (step.status === "RUNNING") {
    return step.attempts > 1 ? `No answer yet, asking again (${String(step.attempts)} tries so far)` : null;
  }
  if (step.status === "FAILED" && step.name !== "RELEASE") return reasonOf(step.error);
  return step.attempts > 1 ? `After ${String(step.attempts)} tries` : null;
}

/** How long a step took: null while it runs. */
export function tookMs({ startedAt, finishedAt }: Pick<Milestone, "startedAt" | "finishedAt">): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
}
