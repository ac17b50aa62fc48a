// The two mutations that keep and end a session, sent without a client: they are what a client's requests wait for.
import { stringifyDocument } from "@urql/core";
import { graphql } from "../graphql/generated";
import type { Grant } from "./keeper";

const RefreshSession = graphql(`
  mutation RefreshSession($token: String!) {
    refreshSession(refreshToken: $token) {
      ... on Session {
        accessToken
        refreshToken
        expiresIn
        user {
          id
        }
      }
      ... on InvalidRefreshToken {
        message
      }
    }
  }
`);

const Logout = graphql(`
  mutation Logout($token: String!) {
    logout(refreshToken: $token)
  }
`);

const TIMEOUT_MS = 10_000; // a lost answer may be asked for again within 30 s with the same token
const REFRESH_TEXT = stringifyDocument(RefreshSession);

interface RefreshAnswer {
  data?: { refreshSession?: { accessToken?: string; refreshToken: string; expiresIn: number; user: { id: string } } } | null;
  errors?: { message: string }[];
}

/** The next grant; null where the token does not count any more. Rejects with what the network or the API says otherwise. */
export async function refresh(refreshToken: string): Promise<Grant | null> {
  const answer = (await post(REFRESH_TEXT, refreshToken)) as RefreshAnswer;
  const result = answer.data?.refreshSession;
  if (result === undefined) throw new Error(answer.errors?.[0]?.message ?? "The session could not be refreshed");
  if (result.accessToken === undefined) return null;
  return { accessToken: result.accessToken, refreshToken: result.refreshToken, expiresIn: result.expiresIn, userId: result.user.id };
}

export async function logout(refreshToken: string): Promise<void> {
  await post(stringifyDocument(Logout), refreshToken);
}

async function post(query: string, token: string): Promise<unknown> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query, variables: { token } }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    keepalive: true, // signing out may be the last thing that a tab does
  });
  return response.json();
}
