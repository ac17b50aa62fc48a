// When a page breaks, or its code cannot be loaded (a new version was put in place, the network is away), it says so and offers a way on.
import { Component, type ReactNode } from "react";
import { Button, EmptyState } from "../components";

interface Props {
  /** A change of it gives the page another chance. */
  resetKey?: string;
  children: ReactNode;
}

interface State {
  broken: boolean;
  resetKey: string | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): Partial<State> {
    return { broken: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { broken: false, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          icon="warning"
          title="This page could not be shown"
          action={<Button onClick={() => location.reload()}>Load it again</Button>}
        >
          Your money is safe. There may be a new version of this page.
        </EmptyState>
      </div>
    );
  }
}
