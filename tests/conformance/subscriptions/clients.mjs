// The client libraries behind one pipe: a command a line comes in, what a library hands to its user goes out, a line each.
//
//   in   {"do": "open", "id": "1", "library": "graphql-ws", "url": "ws://…", "request": {"query": "…"}, "options": {}}
//        {"do": "stop", "id": "1"}
//   out  {"id": "1", "event": "next" | "error" | "complete" | "closed" | "connected", …}

import { createInterface } from 'node:readline';

import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';

const say = (id, event, rest = {}) => console.log(JSON.stringify({ id, event, ...rest }));

// What a library calls an error: a list of GraphQL errors, an exception, or the event of a socket's close.
function told(error) {
  if (Array.isArray(error)) return { errors: error };
  if (error?.errors) return { name: error.name, errors: error.errors.map((one) => ({ message: one.message, extensions: one.extensions, path: one.path })) };
  return { name: error?.name, message: error?.message, code: error?.code, reason: error?.reason, status: error?.response?.status ?? error?.statusCode };
}

const sink = (id) => ({
  next: (result) => say(id, 'next', { result }),
  error: (error) => say(id, 'error', told(error)),
  complete: () => say(id, 'complete'),
});

function wsClient(id, url, options = {}) {
  return createWsClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: {
      connected: () => say(id, 'connected'),
      closed: (event) => say(id, 'closed', { code: event.code, reason: event.reason }),
    },
    ...options,
  });
}

function openWs(id, { url, request, options }) {
  const client = wsClient(id, url, options);
  const stop = client.subscribe(request, sink(id));
  return { stop, dispose: () => client.dispose() };
}

// Operations of one `share` go over one client, and with singleConnection over one stream.
const shared = new Map();

function openSse(id, { url, request, options: { share, ...options } = {} }) {
  const make = () => createSseClient({ url, retryAttempts: 0, on: { connected: () => say(id, 'connected') }, ...options });
  if (share && !shared.has(share)) shared.set(share, make());
  const client = share ? shared.get(share) : make();
  const stop = client.subscribe(request, sink(id));
  return { stop, dispose: () => client.dispose() };
}

function apollo(link) {
  return new ApolloClient({ link, cache: new InMemoryCache(), incrementalHandler: new Defer20220824Handler() });
}

function openApollo(id, { url, request, options: { over, headers } = {} }) {
  const socket = over === 'ws' ? wsClient(id, url) : undefined;
  const client = apollo(socket ? new GraphQLWsLink(socket) : new HttpLink({ uri: url, headers }));
  const document = gql(request.query);
  const kind = document.definitions.find((one) => one.kind === 'OperationDefinition').operation;
  const asked = { variables: request.variables, errorPolicy: 'all' };
  if (kind === 'mutation') {
    client.mutate({ mutation: document, ...asked }).then(sink(id).next, sink(id).error).then(() => say(id, 'complete'));
    return { stop: () => {}, dispose: () => client.stop() };
  }
  const observed =
    kind === 'subscription' ? client.subscribe({ query: document, ...asked }) : client.watchQuery({ query: document, ...asked });
  const seen = sink(id);
  const subscription = observed.subscribe({
    ...seen,
    next: ({ data, error, loading, networkStatus, dataState, extensions }) =>
      dataState === 'empty' && loading
        ? undefined
        : say(id, 'next', { result: { data, extensions }, loading, networkStatus, dataState, ...(error ? { error: told(error) } : {}) }),
  });
  return {
    stop: () => subscription.unsubscribe(),
    dispose: () => {
      client.stop();
      socket?.dispose();
    },
  };
}

const libraries = { 'graphql-ws': openWs, 'graphql-sse': openSse, '@apollo/client': openApollo };
const open = new Map();

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  try {
    if (command.do === 'open') open.set(command.id, libraries[command.library](command.id, command));
    if (command.do === 'stop') open.get(command.id)?.stop();
    if (command.do === 'dispose') open.get(command.id)?.dispose();
  } catch (error) {
    say(command.id, 'thrown', told(error));
  }
});
