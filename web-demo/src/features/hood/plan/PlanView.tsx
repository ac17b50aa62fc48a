// A plan in three ways: drawn, as a list, and as the router writes it; below them what was chosen in the drawing.
import { useState } from "react";

import { Choice } from "../Choice";
import { Code } from "../Code";
import { PlanGraph } from "./PlanGraph";
import { PlanList } from "./PlanList";
import styles from "./PlanView.module.css";
import { RequestDetail } from "./RequestDetail";
import { type PlannedRequest, type Shape, shapeOf } from "./shape";
import type { Plan } from "./told";

type Look = "graph" | "list" | "text";

const LOOKS: readonly { value: Look; name: string }[] = [
  { value: "graph", name: "Graph" },
  { value: "list", name: "List" },
  { value: "text", name: "Text" },
];

export function PlanView({ plan }: { plan: Plan }) {
  const [look, setLook] = useState<Look>("graph");
  const [chosen, choose] = useState<string | null>(null);
  if (plan.root === null) return <p className={styles.note}>No subgraph is asked: the router answers this by itself.</p>;
  const shape = shapeOf(plan.root, plan.fetches);
  const request = look === "graph" ? requestsIn(shape).find(({ key }) => key === chosen) : undefined;
  return (
    <div className={styles.view}>
      <Choice label="How the plan is shown" options={LOOKS} chosen={look} choose={setLook} />
      {look === "graph" && <PlanGraph shape={shape} chosen={chosen} choose={(key) => choose(key === chosen ? null : key)} />}
      {look === "list" && <PlanList shape={shape} />}
      {look === "text" && <Code label="Query plan as text">{plan.text}</Code>}
      {request === undefined ? (
        look === "graph" && <p className={styles.note}>Choose a request to see what it asks.</p>
      ) : (
        <RequestDetail request={request} />
      )}
    </div>
  );
}

function requestsIn(shape: Shape): PlannedRequest[] {
  if (shape.kind === "request") return [shape.request];
  if (shape.kind === "frame") return shape.inside === null ? [] : requestsIn(shape.inside);
  return shape.shapes.flatMap(requestsIn);
}
