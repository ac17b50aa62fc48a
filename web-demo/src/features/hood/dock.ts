// Whether the panel is open, at which edge it stands and how large it is: kept for this tab, so that a reload shows it as it was.
import { useSyncExternalStore } from "react";

import { recorder } from "../../graphql/recorder";

export type Edge = "bottom" | "right";

export interface Dock {
  isOpen: boolean;
  edge: Edge;
  /** In percent of the window's height or width, by edge. */
  size: Record<Edge, number>;
}

export const SIZE_MIN = 20; // a few rows, or a name and its time, and the handle stays in reach
export const SIZE_MAX = 85; // something of the page stays in sight

const KEY = "payflow.hood.dock";
const FIRST: Dock = { isOpen: false, edge: "bottom", size: { bottom: 50, right: 45 } };

let dock = stored();
const listeners = new Set<() => void>();
if (dock.isOpen) recorder.askForPlans();

export function useDock(): Dock {
  return useSyncExternalStore(listen, () => dock);
}

export function changeDock(change: Partial<Dock>): void {
  dock = { ...dock, ...change };
  if (dock.isOpen) recorder.askForPlans();
  keep();
  listeners.forEach((listener) => listener());
}

export function resizeDock(percent: number): void {
  const size = Math.min(SIZE_MAX, Math.max(SIZE_MIN, Math.round(percent)));
  changeDock({ size: { ...dock.size, [dock.edge]: size } });
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Dock {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Dock>;
    return { ...FIRST, ...kept, size: { ...FIRST.size, ...kept.size } };
  } catch {
    return FIRST;
  }
}

function keep(): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(dock));
  } catch {
    // The browser keeps nothing for us: the panel is closed after a reload.
  }
}
