// The client that goes with the session: another person, or nobody, gets another one with an empty cache.
import { useSyncExternalStore } from "react";
import type { Client } from "urql";
import { apiClient } from "../graphql/client";
import { tab } from "../graphql/command/tab";
import { recorder } from "../graphql/recorder";
import { session } from "../session";

const nobody = 0;
const generation = () => (session.state.status === "signed-in" ? session.state.generation : nobody);

let current = { generation: generation(), api: apiClient([recorder.exchange]) };
const listeners = new Set<() => void>();

session.subscribe(() => {
  if (session.state.status === "signed-out" && session.state.because === "signed-out") tab.clear();
  if (current.generation === generation()) return;
  current.api.close();
  current = { generation: generation(), api: apiClient([recorder.exchange]) };
  for (const listener of listeners) listener();
});

export function useApi(): Client {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current.api.client,
  );
}
