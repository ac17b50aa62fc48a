// What is around every page: a place for its skeleton while its code comes, and a net below it.
import { type ReactNode, Suspense } from "react";
import { useLocation } from "react-router";
import { Skeleton } from "../components";
import { ErrorBoundary } from "./ErrorBoundary";

export function Around({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<Skeleton lines={4} />}>{children}</Suspense>
    </ErrorBoundary>
  );
}
