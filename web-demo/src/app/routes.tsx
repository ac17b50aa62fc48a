// Which page stands where, for who is signed in. Each is a chunk of its own, loaded when it is gone to.
import { lazy } from "react";
import { Navigate, Route, Routes, useSearchParams } from "react-router";
import { NotFound } from "./NotFound";

const Home = lazy(() => import("../features/home/Home"));
const WalletPage = lazy(() => import("./WalletPage"));
const Send = lazy(() => import("../features/send/Send"));
const Transfers = lazy(() => import("../features/transfers/Transfers"));
const Transfer = lazy(() => import("../features/transfers/Transfer"));
const Requests = lazy(() => import("../features/requests/Requests"));
const Request = lazy(() => import("../features/requests/Request"));
const Rewards = lazy(() => import("../features/rewards/Rewards"));
const Notifications = lazy(() => import("../features/notifications/Notifications"));
const Account = lazy(() => import("../features/account/Account"));
const Explorer = lazy(() => import("../features/hood/explorer/ExplorerPage"));

export function Pages() {
  return (
    <Routes>
      <Route path="/" element={<Home />} />
      <Route path="/wallets/:id" element={<WalletPage />} />
      <Route path="/send" element={<Send />} />
      <Route path="/transfers" element={<Transfers />} />
      <Route path="/transfers/:id" element={<Transfer />} />
      <Route path="/requests" element={<Requests />} />
      <Route path="/requests/:id" element={<Request />} />
      <Route path="/rewards" element={<Rewards />} />
      <Route path="/notifications" element={<Notifications />} />
      <Route path="/account" element={<Account />} />
      <Route path="/explorer" element={<Explorer />} />
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
