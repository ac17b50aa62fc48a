// Where everything of a plan stands in its drawing: a series-parallel graph, each part laid out by itself and then put beside or behind
// the others. Pure arithmetic in units of CSS pixels; nothing is measured, so texts are cut to what a box is known to hold.
import type { PlannedRequest, Shape } from "./shape";

/** Which way the plan goes: `right` reads like a time line, `down` fits a narrow panel. */
export type Direction = "right" | "down";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Drawing {
  width: number;
  height: number;
  cards: readonly { request: PlannedRequest; box: Box }[];
  frames: readonly { label: string; box: Box; isEmpty: boolean }[];
  edges: readonly { from: Point; to: Point }[];
  /** Where all of one stage is waited for by all of the next. */
  joints: readonly Point[];
}

export const CARD = { width: 196, head: 44, line: 18, padding: 10 } as const;
/** Of paths of one request that a card shows; more are counted. */
export const PATHS_SHOWN = 3;
const GAP = { along: 36, across: 14 } as const;
const FRAME = { padding: 14, label: 24 } as const;
const MARGIN = 8;

export function layOut(shape: Shape, direction: Direction): Drawing {
  const { width, height, cards, frames, edges, joints } = moved(part(shape, direction), { x: MARGIN, y: MARGIN });
  return { width: width + 2 * MARGIN, height: height + 2 * MARGIN, cards, frames, edges, joints };
}

/** A part of the drawing, from (0, 0), and where lines come to it and leave it. */
interface Part extends Drawing {
  entries: readonly Point[];
  exits: readonly Point[];
}

function part(shape: Shape, direction: Direction): Part {
  switch (shape.kind) {
    case "request":
      return card(shape.request, direction);
    case "frame":
      return frame(shape.label, shape.inside && part(shape.inside, direction), direction);
    case "sequence":
      return inSequence(
        shape.shapes.map((each) => part(each, direction)),
        direction,
      );
    case "parallel":
      return sideBySide(
        shape.shapes.map((each) => part(each, direction)),
        direction,
      );
  }
}

export function linesOf(request: PlannedRequest): number {
  return Math.min(request.parts.length, PATHS_SHOWN) + (request.parts.length > PATHS_SHOWN ? 1 : 0);
}

function card(request: PlannedRequest, direction: Direction): Part {
  const size = { width: CARD.width, height: CARD.head + CARD.line * linesOf(request) };
  const box = { x: 0, y: 0, ...size };
  return { ...size, ...ports(size, direction), cards: [{ request, box }], frames: [], edges: [], joints: [] };
}

function frame(label: string, inside: Part | null, direction: Direction): Part {
  const content = inside && moved(inside, { x: FRAME.padding, y: FRAME.label + FRAME.padding / 2 });
  const size = {
    width: (inside?.width ?? CARD.width - 2 * FRAME.padding) + 2 * FRAME.padding,
    height: (inside?.height ?? CARD.line) + FRAME.label + 1.5 * FRAME.padding,
  };
  const around = { label, box: { x: 0, y: 0, ...size }, isEmpty: inside === null };
  return {
    ...size,
    ...ports(size, direction),
    cards: content?.cards ?? [],
    frames: [around, ...(content?.frames ?? [])],
    edges: content?.edges ?? [],
    joints: content?.joints ?? [],
  };
}

function ports({ width, height }: { width: number; height: number }, direction: Direction): Pick<Part, "entries" | "exits"> {
  return direction === "right"
    ? { entries: [{ x: 0, y: height / 2 }], exits: [{ x: width, y: height / 2 }] }
    : { entries: [{ x: width / 2, y: 0 }], exits: [{ x: width / 2, y: height }] };
}

function inSequence(parts: readonly Part[], direction: Direction): Part {
  const stages = lined(parts, { along: direction, gap: GAP.along });
  const links = stages.slice(1).map((stage, index) => linked(stages[index]?.exits ?? [], stage.entries, direction));
  return {
    ...together(stages),
    entries: stages[0]?.entries ?? [],
    exits: stages.at(-1)?.exits ?? [],
    edges: [...stages.flatMap(({ edges }) => edges), ...links.flatMap(({ edges }) => edges)],
    joints: [...stages.flatMap(({ joints }) => joints), ...links.flatMap(({ joints }) => joints)],
  };
}

function sideBySide(parts: readonly Part[], direction: Direction): Part {
  const lanes = lined(parts, { along: direction === "right" ? "down" : "right", gap: GAP.across });
  return {
    ...together(lanes),
    entries: lanes.flatMap(({ entries }) => entries),
    exits: lanes.flatMap(({ exits }) => exits),
    edges: lanes.flatMap(({ edges }) => edges),
    joints: lanes.flatMap(({ joints }) => joints),
  };
}

/** The parts one after another in that direction, each in the middle of the way. */
function lined(parts: readonly Part[], { along, gap }: { along: Direction; gap: number }): Part[] {
  const breadth = Math.max(0, ...parts.map(({ width, height }) => (along === "right" ? height : width)));
  let at = 0;
  return parts.map((each) => {
    const offset = along === "right" ? { x: at, y: (breadth - each.height) / 2 } : { x: (breadth - each.width) / 2, y: at };
    at += (along === "right" ? each.width : each.height) + gap;
    return moved(each, offset);
  });
}

/** Each with each; where both are several, through one point between them: that all are waited for is what a plan says. */
function linked(exits: readonly Point[], entries: readonly Point[], direction: Direction): Pick<Drawing, "edges" | "joints"> {
  if (exits.length < 2 || entries.length < 2) {
    return { edges: exits.flatMap((from) => entries.map((to) => ({ from, to }))), joints: [] };
  }
  const [along, across] = direction === "right" ? (["x", "y"] as const) : (["y", "x"] as const);
  const gap = (Math.max(...exits.map((at) => at[along])) + Math.min(...entries.map((at) => at[along]))) / 2;
  const height = (middle(exits, across) + middle(entries, across)) / 2;
  const joint = direction === "right" ? { x: gap, y: height } : { x: height, y: gap };
  return { edges: [...exits.map((from) => ({ from, to: joint })), ...entries.map((to) => ({ from: joint, to }))], joints: [joint] };
}

function middle(points: readonly Point[], axis: keyof Point): number {
  const values = points.map((at) => at[axis]);
  return (Math.min(...values) + Math.max(...values)) / 2;
}

function together(parts: readonly Part[]): Pick<Drawing, "width" | "height" | "cards" | "frames"> {
  const cards = parts.flatMap((each) => each.cards);
  const frames = parts.flatMap((each) => each.frames);
  const boxes = [...cards, ...frames].map(({ box }) => box);
  return {
    width: Math.max(0, ...boxes.map(({ x, width }) => x + width)),
    height: Math.max(0, ...boxes.map(({ y, height }) => y + height)),
    cards,
    frames,
  };
}

function moved(each: Part, by: Point): Part {
  const at = <T extends Point>(point: T): T => ({ ...point, x: point.x + by.x, y: point.y + by.y });
  return {
    ...each,
    cards: each.cards.map((one) => ({ ...one, box: at(one.box) })),
    frames: each.frames.map((one) => ({ ...one, box: at(one.box) })),
    edges: each.edges.map(({ from, to }) => ({ from: at(from), to: at(to) })),
    joints: each.joints.map(at),
    entries: each.entries.map(at),
    exits: each.exits.map(at),
  };
}
