// The one WebSocket of a signed-in tab: opened when something subscribes, closed when nothing does, and noticed when it has died silently.
import { createClient } from "graphql-ws";
import { session } from "../../session";
import type { Connection } from "../connection";
import { resuming, type Subscribe } from "./resume";

const PING_MS = 10_000;
const PONG_MS = 5_000; // a line that does not answer for this long is dead, whatever the socket says
const LINGER_MS = 3_000; // from one page to the next
const OPEN_MS = 10_000; // for TCP, TLS and the upgrade; a browser by itself waits for minutes
const ACK_MS = 10_000;
const TOKEN_REFUSED = 4403;

export interface Live {
  subscribe: Subscribe;
  close(): void;
}

export function live(connection: Connection, restarted: () => void): Live {
  let shown: string | null = null;
  let wanted = 0;
  let pong: ReturnType<typeof setTimeout> | undefined;
  let opening: ReturnType<typeof setTimeout> | undefined;
  const refuse = () => session.refresh(shown);

  const client = createClient({
    url: new URL("/graphql", location.href).href.replace(/^http/, "ws"),
    lazy: true,
    lazyCloseTimeout: LINGER_MS,
    retryAttempts: 0, // by subscription, see resume.ts: each goes on from its own cursor
    keepAlive: PING_MS,
    connectionAckWaitTimeout: ACK_MS,
    connectionParams: async () => {
      shown = await session.accessToken();
      return shown === null ? {} : { authorization: `Bearer ${shown}` };
    },
    onNonLazyError: () => undefined,
    on: {
      connecting: () => {
        opening = setTimeout(() => client.terminate(), OPEN_MS);
      },
      opened: () => clearTimeout(opening),
      connected: () => connection.opened(),
      closed: (event) => {
        clearTimeout(opening);
        clearTimeout(pong);
        if ((event as CloseEvent).code === TOKEN_REFUSED) void refuse().catch(() => undefined);
        connection.closed(wanted > 0);
      },
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
    },
  });

  // A socket does not notice by itself that the network has gone.
  const cut = () => client.terminate();
  addEventListener("offline", cut);

  const once: Subscribe = (request, observer) =>
    client.subscribe(request, {
      next: (result) => observer.next(result),
      error: (error) => observer.error(error),
      complete: () => observer.complete(),
    });

  return {
    subscribe: counted(resuming({ subscribe: once, connection, unauthenticated: refuse, restarted }), (change) => (wanted += change)),
    close: () => {
      removeEventListener("offline", cut);
      wanted = 0;
      void Promise.resolve(client.dispose()).catch(() => undefined); // it rejects where the socket was only being opened
    },
  };
}

function counted(subscribe: Subscribe, count: (change: 1 | -1) => void): Subscribe {
  return (request, observer) => {
    let open = true;
    const settle = () => {
      if (open) count(-1);
      open = false;
    };
    count(1);
    const stop = subscribe(request, {
      next: (result) => observer.next(result),
      error: (error) => {
        settle();
        observer.error(error);
      },
      complete: () => {
        settle();
        observer.complete();
      },
    });
    return () => {
      settle();
      stop();
    };
  };
}
