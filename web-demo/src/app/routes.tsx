// Which page stands where, for who is signed in. Each is a chunk of its own, loaded when it is gone to.
import { lazy } from "react";
import { Navigate, Route, Routes, useSearchParams } from "react-router";
import { NotFound } from "./NotFound";

const Account = lazy(() => import("../features/account/Account"));

export function Pages() {
  return (
    <Routes>
      <Route path="/account" element={<Account />} />
      <Route path="/sign-in" element={<GoOn />} />
      <Route path="/sign-up" element={<GoOn />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** Signed in now: to where one was going, if that is a page of ours. */
function GoOn() {
  const [search] = useSearchParams();
  const next = search.get("next") ?? "/";
  return <Navigate to={/^\/(?![/\\])/.test(next) ? next : "/"} replace />;
}
