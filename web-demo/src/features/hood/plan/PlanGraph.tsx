// The plan as a graph: requests are buttons, so that it can be walked through with the keyboard; what leads where is drawn behind them.
import { useLayoutEffect, useRef, useState } from "react";
import type { CSSProperties, RefObject } from "react";

import { counted, inMs } from "../figures";
import { toneOf } from "../tones";
import { type Box, type Direction, type Drawing, layOut, PATHS_SHOWN, type Point } from "./layout";
import styles from "./PlanGraph.module.css";
import { requestInWords } from "./words";
import type { PlannedRequest, Shape } from "./shape";

interface Props {
  shape: Shape;
  chosen: string | null;
  choose: (key: string) => void;
}

export function PlanGraph({ shape, chosen, choose }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  const direction = useDirection(shape, sheet);
  const drawing = layOut(shape, direction);
  return (
    <div className={styles.scroll} ref={sheet}>
      <div role="group" aria-label="Query plan, drawn" className={styles.sheet} style={{ width: drawing.width, height: drawing.height }}>
        <Lines drawing={drawing} direction={direction} />
        {drawing.frames.map(({ label, box, isEmpty }) => (
          <div key={label} className={styles.frame} style={placed(box)}>
            <span className={styles.label}>{label}</span>
            {isEmpty && <span className={styles.empty}>from what is there already</span>}
          </div>
        ))}
        {drawing.cards.map(({ request, box }) => (
          <Card
            key={request.key}
            request={request}
            style={{ ...placed(box), ...toneOf(request.subgraph) }}
            isChosen={request.key === chosen}
            choose={choose}
          />
        ))}
      </div>
    </div>
  );
}

function Card({
  request,
  style,
  isChosen,
  choose,
}: {
  request: PlannedRequest;
  style: CSSProperties;
  isChosen: boolean;
  choose: Props["choose"];
}) {
  const shown = request.parts.slice(0, PATHS_SHOWN);
  const more = request.parts.length - shown.length;
  return (
    <button
      type="button"
      className={styles.card}
      style={style}
      aria-pressed={isChosen}
      title={requestInWords(request)}
      onClick={() => choose(request.key)}
    >
      <span className={styles.head}>
        <span className={styles.subgraph}>{request.subgraph}</span>
        <span className={styles.time}>{timeOf(request)}</span>
      </span>
      {shown.map((part, index) => (
        <span key={index} className={styles.part}>
          {part.path ? <span className={styles.path}>{`\u200e${part.path}`}</span> : <span className={styles.fields}>{part.what}</span>}
          {part.path && <span className={styles.type}>{part.what}</span>}
        </span>
      ))}
      {more > 0 && <span className={styles.part}>and {counted(more, "path")} more</span>}
    </button>
  );
}

function timeOf({ timings, isTimed }: PlannedRequest): string {
  const [only, ...others] = timings;
  if (only === undefined) return isTimed ? "not sent" : "";
  return others.length > 0 ? `${timings.length} ×` : inMs(only.durationMs);
}

function Lines({ drawing, direction }: { drawing: Drawing; direction: Direction }) {
  return (
    <svg className={styles.lines} width={drawing.width} height={drawing.height} aria-hidden="true" focusable="false">
      {drawing.edges.map(({ from, to }, index) => (
        <path key={index} d={curve(from, to, direction)} />
      ))}
      {drawing.joints.map(({ x, y }, index) => (
        <circle key={index} cx={x} cy={y} r="3.5" />
      ))}
    </svg>
  );
}

function curve(from: Point, to: Point, direction: Direction): string {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const bend = direction === "right" ? `${x} ${from.y} ${x} ${to.y}` : `${from.x} ${y} ${to.x} ${y}`;
  return `M${from.x} ${from.y} C${bend} ${to.x} ${to.y}`;
}

function placed({ x, y, width, height }: Box): CSSProperties {
  return { left: x, top: y, width, height };
}

/** Narrower panels show one request beside another at most: there a plan goes down the page. */
const WIDE_PX = 520;

/** From left to right where there is room for it, or for a good part of it; else from top to bottom. */
function useDirection(shape: Shape, sheet: RefObject<HTMLDivElement | null>): Direction {
  const [room, setRoom] = useState(Infinity);
  useLayoutEffect(() => {
    const element = sheet.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element); // which calls back at once, before anything is painted
    return () => observer.disconnect();
  }, [sheet]);
  return room >= WIDE_PX || layOut(shape, "right").width <= room ? "right" : "down";
}
