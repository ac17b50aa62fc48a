// The normalised cache: every wallet, transfer and notification once, however many queries, mutations and subscriptions tell of it.
import { cacheExchange, type KeyingConfig, type Resolver } from "@urql/exchange-graphcache";
import type { Exchange } from "urql";
import introspection from "./generated/introspection";
import { neverSilent } from "./neverSilent";

/** What has no id of its own lives within what it belongs to. */
const embedded = () => null;

const keys: KeyingConfig = {
  Money: embedded,
  Balance: embedded,
  PageInfo: embedded,
  SagaStep: embedded,
  EntryConnection: embedded,
  EntryEdge: embedded,
  NotificationConnection: embedded,
  NotificationEdge: embedded,
  PaymentRequestConnection: embedded,
  PaymentRequestEdge: embedded,
  RewardConnection: embedded,
  RewardEdge: embedded,
  TransferConnection: embedded,
  TransferEdge: embedded,
  Session: embedded,
  NotificationPreference: ({ kind }) => (typeof kind === "string" ? kind : null),
  // Problems are answers, not things.
  CurrencyMismatch: embedded,
  EmailTaken: embedded,
  HandleTaken: embedded,
  IdempotencyConflict: embedded,
  InsufficientFunds: embedded,
  InvalidCredentials: embedded,
  InvalidInput: embedded,
  InvalidRefreshToken: embedded,
  LimitExceeded: embedded,
  NotRefundable: embedded,
  PaymentRequestClosed: embedded,
  PaymentRequestNotFound: embedded,
  RecipientNotFound: embedded,
  SameWallet: embedded,
  TooManyAttempts: embedded,
  TooManyOpenRequests: embedded,
  TransferNotFound: embedded,
  WalletClosed: embedded,
  WalletExists: embedded,
  WalletFrozen: embedded,
  WalletNotEmpty: embedded,
  WalletNotFound: embedded,
};

/** What is not normalised by its id is kept up to date by asking again: see refresh.ts. */
export function cache(): Exchange {
  const normalised = cacheExchange({
    schema: introspection as never, // the literal's type is deeper than the library's
    keys,
    // Reading is nobody else's business and cannot be refused: it shows at once. Money never does, before the API has said so.
    optimistic: {
      markNotificationsRead: ({ ids }) =>
        (ids as string[]).map((id) => ({ __typename: "Notification", id, readAt: new Date().toISOString() })),
    },
    resolvers: {
      Query: {
        wallet: byId("Wallet"),
        transfer: byId("Transfer"),
        paymentRequest: byId("PaymentRequest"),
      },
    },
  });
  return neverSilent(normalised);
}

/** A list has shown it already: its page begins with what is known, while the answer is on its way. Where that was that there is none, none. */
function byId(typename: string): Resolver {
  return (_parent, args, cache, { parentKey, fieldName }) =>
    cache.resolve(parentKey, fieldName, args) === null ? null : { __typename: typename, id: args.id as string };
}
