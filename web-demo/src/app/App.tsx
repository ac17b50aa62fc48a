// The whole of it: who is signed in decides which client and which pages there are.
import { BrowserRouter } from "react-router";
import { Provider } from "urql";
import { useSession } from "../session";
import { useApi } from "./api";
import { ErrorBoundary } from "./ErrorBoundary";
import { Guest } from "./Guest";
import { Shell } from "./Shell";

export function App() {
  return (
    <ErrorBoundary>
      <BrowserRouter>
        <Signed />
      </BrowserRouter>
    </ErrorBoundary>
  );
}

function Signed() {
  const state = useSession();
  const client = useApi();
  return <Provider value={client}>{state.status === "signed-in" ? <Shell key={state.generation} /> : <Guest />}</Provider>;
}
