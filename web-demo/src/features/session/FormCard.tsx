// A form on a card.
import type { SubmitEvent, ReactNode } from "react";
import { Card, Stack } from "../../components";

interface Props {
  onSubmit: (event: SubmitEvent<HTMLFormElement>) => Promise<void>;
  children: ReactNode;
}

export function FormCard({ onSubmit, children }: Props) {
  return (
    <Card>
      <form onSubmit={onSubmit} noValidate={false}>
        <Stack>{children}</Stack>
      </form>
    </Card>
  );
}
