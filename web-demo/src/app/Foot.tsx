// Below every page: the way under the hood. The panel is loaded when it is opened, and each opening is another chance for one that did not come.
import { Suspense, useState } from "react";
import { HoodButton, type Panel } from "../features/hood";
import { ErrorBoundary } from "./ErrorBoundary";
import { page } from "./missing";

export function Foot() {
  return (
    <HoodButton>
      {(panel) => (
        <ErrorBoundary beside>
          <Hood {...panel} />
        </ErrorBoundary>
      )}
    </HoodButton>
  );
}

function Hood(panel: Panel) {
  const [Part] = useState(() => page(() => import("../features/hood/Hood")));
  return (
    <Suspense fallback={null}>
      <Part {...panel} />
    </Suspense>
  );
}
