/*
 * Sending money, from the form to the transfer. Pure; what is under way on the wire is the command's business.
 *
 *   edit ──reviewed──▶ review ──sent──▶ following
 *    ▲                   │ │               │
 *    └──back, refused────┘ └───────────────┴──again──▶ edit
 */

export interface Draft {
  readonly to: string;
  readonly walletId: string;
  readonly amount: string;
  readonly note: string;
}

/** What is confirmed and sent: nothing of it is looked up or worked out again afterwards. */
export interface Payment {
  readonly to: { readonly handle: string; readonly displayName: string };
  readonly walletId: string;
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly note: string | null;
}

/** By the field each concerns; `form` for what concerns none. */
export type Problems = Readonly<Partial<Record<keyof Draft | "form", string>>>;

export type Flow =
  /** `returned`: from a later step, so that the focus has to be put somewhere. */
  | { readonly step: "edit"; readonly draft: Draft; readonly problems: Problems; readonly returned: boolean }
  | { readonly step: "review"; readonly draft: Draft; readonly payment: Payment }
  | { readonly step: "following"; readonly draft: Draft; readonly payment: Payment; readonly transferId: string };

export type FlowAction =
  | { readonly type: "typed"; readonly field: keyof Draft; readonly value: string }
  | { readonly type: "refused"; readonly problems: Problems }
  | { readonly type: "reviewed"; readonly payment: Payment }
  | { readonly type: "back" }
  | { readonly type: "sent"; readonly transferId: string }
  | { readonly type: "again" };

export const EMPTY: Draft = { to: "", walletId: "", amount: "", note: "" };

export function editing(draft: Draft, problems: Problems = {}, returned = false): Flow {
  return { step: "edit", draft, problems, returned };
}

/** A payment whose answer was lost: it is there to be confirmed again, as it was. */
export function reviewing(payment: Payment, draft: Draft): Flow {
  return { step: "review", draft, payment };
}

/** An action that does not belong to the step leaves the flow as it is. */
export function advance(flow: Flow, action: FlowAction): Flow {
  switch (action.type) {
    case "typed":
      return flow.step === "edit" ? typed(flow, action.field, action.value) : flow;
    case "refused":
      return flow.step === "following" ? flow : editing(flow.draft, action.problems, flow.step === "review");
    case "reviewed":
      return flow.step === "edit" ? reviewing(action.payment, flow.draft) : flow;
    case "back":
      return flow.step === "review" ? editing(flow.draft, {}, true) : flow;
    case "sent":
      return flow.step === "review" ? { ...flow, step: "following", transferId: action.transferId } : flow;
    case "again":
      return flow.step === "following" ? editing(flow.draft, {}, true) : flow;
  }
}

/** A problem is not told any more once its field is changed; that of the whole form goes with any change. */
function typed(flow: Flow & { step: "edit" }, field: keyof Draft, value: string): Flow {
  const problems = Object.fromEntries(Object.entries(flow.problems).filter(([name]) => name !== field && name !== "form"));
  return editing({ ...flow.draft, [field]: value }, problems, flow.returned);
}
