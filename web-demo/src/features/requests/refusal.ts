// What the API says to asking and to paying, by the field it concerns, in plain words. Pure.
import { sentence, wrongInput } from "../../components/words";
import { type Amount, formatMoney } from "../../money";

export type AskProblems = Partial<Record<"to" | "amount" | "currency" | "note" | "form", string>>;

interface Refusal {
  readonly __typename: string;
  readonly message: string;
  readonly field?: string;
  readonly limit?: unknown;
}

const ASK_FIELDS: Readonly<Record<string, keyof AskProblems>> = {
  payerHandle: "to",
  handle: "to",
  amount: "amount",
  currency: "currency",
  note: "note",
};

export function problemsOfAsking({ __typename, message, field = "", limit }: Refusal): AskProblems {
  switch (__typename) {
    case "RecipientNotFound":
      return { to: "Nobody goes by this handle." };
    case "TooManyOpenRequests":
      return { to: `You have asked this person ${Number(limit)} times already. Wait for an answer, or cancel one of these requests.` };
    case "WalletNotFound":
      return { currency: "You have no wallet of this currency to be paid into." };
    case "InvalidInput":
      return { [ASK_FIELDS[field] ?? "form"]: wrongInput(message) };
    default:
      return { form: sentence(message) };
  }
}

interface PayRefusal {
  readonly __typename: string;
  readonly message: string;
  readonly available?: Amount;
  readonly limit?: Amount;
}

/** Of the wallet to pay from, or of the request itself. */
export type PayProblems = Partial<Record<"wallet" | "form", string>>;

export function problemsOfPaying({ __typename, message, available, limit }: PayRefusal): PayProblems {
  switch (__typename) {
    case "InsufficientFunds":
      return {
        wallet:
          available === undefined
            ? sentence(message)
            : `There is ${formatMoney(available)} in this wallet. Top it up, or pay from another one.`,
      };
    case "LimitExceeded":
      return { wallet: limit === undefined ? sentence(message) : `This is over your limit of ${formatMoney(limit)}.` };
    case "CurrencyMismatch":
    case "WalletNotFound":
    case "WalletFrozen":
      return { wallet: sentence(message) };
    case "PaymentRequestClosed":
      return { form: "This request has ended meanwhile. Nothing was paid." };
    default:
      return { form: sentence(message) };
  }
}
