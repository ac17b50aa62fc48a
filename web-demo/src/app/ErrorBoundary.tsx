// The net below a page, or a panel beside it: when it breaks, or its code cannot be loaded, the rest stays.
import { Component, type ReactNode } from "react";
import { Broken, Missing } from "./Broken";
import { PartMissing } from "./missing";

interface Props {
  /** A panel is missed less than a page: that is not loaded anew for it unless somebody asks. */
  beside?: boolean;
  /** A change of it gives the page another chance. */
  resetKey?: string;
  children: ReactNode;
}

interface State {
  fault: "broken" | "missing" | null;
  resetKey: string | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { fault: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { fault: error instanceof PartMissing ? "missing" : "broken" };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { fault: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    const Instead = this.state.fault === "missing" ? Missing : Broken;
    return <Instead beside={this.props.beside ?? false} />;
  }
}
