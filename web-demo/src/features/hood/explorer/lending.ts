// Lends the router's explorer, which stands in a frame, this tab's access token: docs/router/explorer.md tells how the two talk.
// The token goes by postMessage to that window and this origin alone, never into an address or a storage.

export interface Lent {
  headers: Record<string, string>;
  query?: string;
  variables?: string;
  theme?: "light" | "dark";
}

/** Whether a message is the explorer in `frame` saying that it listens. */
export function isReady(event: Pick<MessageEvent, "origin" | "source" | "data">, frame: Window | null, origin: string): boolean {
  return (
    event.origin === origin &&
    event.source === frame &&
    frame !== null &&
    (event.data as { explorer?: unknown } | null)?.explorer === "ready"
  );
}

export function headersFor(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** The theme that is in force: the one that was chosen, else the device's. */
export function themeInForce(chosen: string | undefined, prefersDark: boolean): "light" | "dark" {
  return chosen === "light" || chosen === "dark" ? chosen : prefersDark ? "dark" : "light";
}
