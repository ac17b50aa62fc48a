// Puts the access token on every request, and gets the next one where this one has ended or is refused.
import { authExchange } from "@urql/exchange-auth";
import type { CombinedError, Exchange } from "urql";
import { session } from "../session";

/** Of the one who is signed in now: what is still under way when another is carries no token, and fails. */
export function authentication(): Exchange {
  const own = session.state;
  const isOwn = () => session.state === own && own.status === "signed-in";
  const token = () => (isOwn() ? session.token : null);
  return authExchange((request) => {
    let shown: string | null = null;
    return Promise.resolve({
      addAuthToOperation: (operation) => {
        shown = token();
        return shown === null ? operation : request.appendHeaders(operation, { authorization: `Bearer ${shown}` });
      },
      willAuthError: () => isOwn() && token() === null,
      didAuthError: (error) => isOwn() && isUnauthenticated(error),
      // Where nobody can tell now, the request goes out as it is, and its own error says what is wrong.
      refreshAuth: () => session.refresh(shown).then(ignore, ignore),
    });
  });
}

const ignore = () => undefined;

function isUnauthenticated(error: CombinedError): boolean {
  const response = error.response as Response | undefined;
  return response?.status === 401 || error.graphQLErrors.some((one) => one.extensions.code === "UNAUTHENTICATED");
}
