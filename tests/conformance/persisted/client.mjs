// Apollo Client with its link for persisted operations: runs what the command line says, and prints what went over the wire.
//
//   node client.mjs URL hash|id GET|POST     →   {"results": [data or error …], "requests": [{"method", "query", "id"} …]}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';

const [url, naming, method] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', import.meta.url)));
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const requests = [];
async function watched(address, options = {}) {
  const told = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(address).searchParams);
  const extensions = typeof told.extensions === 'string' ? JSON.parse(told.extensions) : told.extensions;
  requests.push({ method: options.method ?? 'GET', query: 'query' in told, id: extensions?.persistedQuery?.sha256Hash ?? null });
  return fetch(address, options);
}

const names =
  naming === 'id'
    ? generatePersistedQueryIdsFromManifest({ loadManifest: () => Promise.resolve(manifest) })
    : { sha256 };
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new PersistedQueryLink({ ...names, useGETForHashedQueries: method === 'GET' }).concat(
    new HttpLink({ uri: url, fetch: watched, headers: { 'apollo-require-preflight': 'true' } }),
  ),
});

const HELLO = gql`query Hello($name: String!) { hello(name: $name) }`;
const USERS = gql`query Users { users { id ...Named } } fragment Named on User { name }`;

const results = [];
for (const [query, variables] of [[HELLO, { name: 'you' }], [HELLO, { name: 'me' }], [USERS, {}]]) {
  try {
    results.push((await client.query({ query, variables, fetchPolicy: 'network-only' })).data);
  } catch (error) {
    results.push({ error: error.message });
  }
}
console.log(JSON.stringify({ results, requests }));
