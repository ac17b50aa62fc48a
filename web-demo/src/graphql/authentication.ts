// Puts the access token on every request, and gets the next one where this one has ended or is refused.
import { authExchange } from "@urql/exchange-auth";
import { type CombinedError, type Exchange, makeOperation, type Operation, type OperationResult } from "urql";
import { map, pipe } from "wonka";
import { session } from "../session";

/** Of the one who is signed in now: what is still under way when another is carries no token, and fails. */
export function authentication(): Exchange {
  const own = session.state;
  const isOwn = () => session.state === own && own.status === "signed-in";
  const token = () => (isOwn() ? session.token : null);
  const authenticated = authExchange((request) => {
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
  return (input) => {
    const through = authenticated(input);
    return (operations) => pipe(operations, map(apart), through, map(together));
  };
}

/** What waits for a token is told apart by its key. The same command sent again would be dropped, and never answered: so each has its own here. */
function apart(operation: Operation): Operation {
  const { kind, key, context } = operation;
  if (kind !== "mutation" || context._instance === undefined) return operation;
  return { ...makeOperation(kind, operation, { ...context, sharedKey: key }), key: context._instance + 0.5 }; // keys of the client are whole
}

function together(result: OperationResult): OperationResult {
  const key: unknown = result.operation.context.sharedKey;
  return typeof key === "number" ? { ...result, operation: { ...result.operation, key } } : result;
}

const ignore = () => undefined;

function isUnauthenticated(error: CombinedError): boolean {
  const response = error.response as Response | undefined;
  return response?.status === 401 || error.graphQLErrors.some((one) => one.extensions.code === "UNAUTHENTICATED");
}
