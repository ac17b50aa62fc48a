// What one can do about an open request: pay or decline it, or take it back.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useState } from "react";
import { useMutation } from "urql";
import { Button, Problem, sentence } from "../../components";
import type { RequestPartsFragment } from "../../graphql/generated/graphql";
import { CancelRequest, DeclineRequest } from "./documents";
import { Pay } from "./Pay";
import type { Standing } from "./standing";

interface Props {
  request: RequestPartsFragment;
  standing: Standing;
}

export function Decide({ request, standing }: Props) {
  return standing.toPay ? <PayOrDecline request={request} standing={standing} /> : <TakeBack request={request} />;
}

function PayOrDecline({ request, standing }: Props) {
  const [paying, setPaying] = useState(false);
  const { close, busy, problem } = useClosing(DeclineRequest, ({ declineRequest }) => declineRequest);
  return (
    <>
      <Button size="s" onClick={() => setPaying(true)}>
        Pay
      </Button>
      <Button size="s" variant="secondary" busy={busy} onClick={() => void close(request.id)}>
        Decline
      </Button>
      <Problem message={problem} />
      <Pay open={paying} request={request} to={standing.other.displayName} onClose={() => setPaying(false)} />
    </>
  );
}

function TakeBack({ request }: { request: RequestPartsFragment }) {
  const { close, busy, problem } = useClosing(CancelRequest, ({ cancelRequest }) => cancelRequest);
  return (
    <>
      <Button size="s" variant="secondary" busy={busy} onClick={() => void close(request.id)}>
        Cancel request
      </Button>
      <Problem message={problem} />
    </>
  );
}

interface Answer {
  __typename: string;
  message?: string;
}

/** Ends a request. Doing it twice is harmless: the second is told that it has ended. */
function useClosing<Data>(document: TypedDocumentNode<Data, { id: string }>, answerOf: (data: Data) => Answer) {
  const [{ fetching }, mutate] = useMutation(document);
  const [problem, setProblem] = useState("");
  async function close(id: string): Promise<void> {
    const { data } = await mutate({ id });
    if (data == null) {
      setProblem("That did not work. Please try again.");
      return;
    }
    const { __typename, message = "" } = answerOf(data);
    setProblem(__typename === "PaymentRequest" ? "" : sentence(message));
  }
  return { close, busy: fetching, problem };
}
