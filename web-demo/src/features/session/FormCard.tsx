// A form on a card.
import type { FormEvent, ReactNode } from "react";
import { Card, Stack } from "../../components";

interface Props {
  onSubmit: (event: FormEvent<HTMLFormElement>) => Promise<void>;
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
