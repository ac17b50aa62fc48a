// One operation in full: how it was fetched, what took the time, what it cost, and what was asked.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";

import { Button } from "../../../components";
import type { Recorded } from "../../../graphql/recorder";
import { Code } from "../Code";
import { counted, inBytes } from "../figures";
import { PlanView } from "../plan/PlanView";
import { readTold, type Told } from "../plan/told";
import { printed } from "../printed";
import { BudgetMeter, CostTable } from "./Costs";
import { dryRun } from "./dryRun";
import styles from "./OperationDetail.module.css";
import { timelineOf } from "./timeline";
import { Waterfall } from "./Waterfall";

export function OperationDetail({ record }: { record: Recorded }) {
  const came = readTold(record.extensions);
  const [planned, setPlanned] = useState<Told | null>(null);
  const plan = came.plan ?? planned?.plan ?? null;
  const cost = came.cost ?? planned?.cost ?? null;
  const timeline = timelineOf(record, came.plan?.fetches ?? []);
  return (
    <article className={styles.detail} aria-label={`${record.kind} ${record.name}`}>
      <header>
        <h3>
          <span className={styles.kind}>{record.kind}</span> {record.name}
        </h3>
        <p className={styles.note}>{factsOf(record).join(" · ")}</p>
      </header>
      {record.errors.map((message, index) => (
        <p key={index} className={styles.error}>
          {message}
        </p>
      ))}
      <Section title="Query plan">{plan === null ? <AskForPlan record={record} tell={setPlanned} /> : <PlanView plan={plan} />}</Section>
      {timeline !== null && record.kind !== "subscription" && (
        <Section title="Time">
          <Waterfall timeline={timeline} />
        </Section>
      )}
      {cost !== null && (
        <Section title="Cost">
          <CostTable cost={cost} />
        </Section>
      )}
      {came.budget !== null && (
        <Section title="Rate limit">
          <BudgetMeter budget={came.budget} />
        </Section>
      )}
      <Section title="What was asked">
        <Code label="Operation">{printed(record.document)}</Code>
        {Object.keys(record.variables).length > 0 && <Code label="Variables">{JSON.stringify(record.variables, null, 2)}</Code>}
        <Link
          className={styles.link}
          to="/explorer"
          state={{ query: printed(record.document), variables: JSON.stringify(record.variables, null, 2) }}
        >
          Open in the explorer
        </Link>
      </Section>
    </article>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h4>{title}</h4>
      {children}
    </section>
  );
}

function AskForPlan({ record, tell }: { record: Recorded; tell: (told: Told) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async () => {
    setAsking(true);
    setProblem(null);
    try {
      tell(await dryRun(record));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The router cannot be reached.");
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className={styles.ask}>
      <p className={styles.note}>
        {record.kind === "subscription" ? "It runs over a WebSocket, on which no plan comes along." : "It ran before plans were asked for."}{" "}
        The router can plan it now, without running it.
      </p>
      <Button size="s" variant="secondary" busy={isAsking} onClick={() => void ask()}>
        Plan it
      </Button>
      <p role="status" className={styles.error}>
        {problem}
      </p>
    </div>
  );
}

function factsOf({ http, kind, answers, page }: Recorded): string[] {
  const transport = http === null ? "WebSocket" : `HTTP ${http.status}`;
  return [
    kind === "subscription" ? transport : http === null ? "no answer yet" : transport,
    ...(kind === "subscription" ? [counted(answers, "event")] : []),
    ...(http?.bytes == null ? [] : [`${inBytes(http.bytes)} received`]),
    ...(http?.requestId == null ? [] : [`request ${http.requestId}`]),
    `on ${page}`,
  ];
}
