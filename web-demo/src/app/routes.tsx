// Which page stands where, for who is signed in. Each is a chunk of its own, loaded when it is gone to.
import { Navigate, Route, Routes, useSearchParams } from "react-router";
import { page } from "./missing";
import { NotFound } from "./NotFound";

const Home = page(() => import("../features/home/Home"));
const WalletPage = page(() => import("./WalletPage"));
const Send = page(() => import("../features/send/Send"));
const Transfers = page(() => import("../features/transfers/Transfers"));
const Transfer = page(() => import("../features/transfers/Transfer"));
const Requests = page(() => import("../features/requests/Requests"));
const Request = page(() => import("../features/requests/Request"));
const Rewards = page(() => import("../features/rewards/Rewards"));
const Notifications = page(() => import("../features/notifications/Notifications"));
const Account = page(() => import("../features/account/Account"));
const Explorer = page(() => import("../features/hood/explorer/ExplorerPage"));

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
