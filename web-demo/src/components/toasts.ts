// Short news that come up by themselves and go again. Kept outside React, so that anything may tell one.
import type { IconName } from "./Icon";

export interface Toast {
  id: string;
  icon: IconName;
  title: string;
  body?: string;
  /** Where one reads more of it. */
  to?: string;
}

const STAYS_MS = 6_000;
const SHOWN_MAX = 3; // more would cover the page; the centre has them all

let shown: readonly Toast[] = [];
const listeners = new Set<() => void>();

export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Shows it for some seconds; one with the id of another replaces it. */
export function toast(news: Toast): void {
  become([...shown.filter((one) => one.id !== news.id), news].slice(-SHOWN_MAX));
  setTimeout(() => dismiss(news.id), STAYS_MS);
}

export function dismiss(id: string): void {
  if (shown.some((one) => one.id === id)) become(shown.filter((one) => one.id !== id));
}

function become(next: readonly Toast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}
