// What somebody sees who is not signed in: the welcome page, and the ways in. Whoever was going somewhere is brought there afterwards.
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { Around } from "./Around";
import { Foot } from "./Foot";
import styles from "./Guest.module.css";
import { Logo } from "./Logo";
import { page } from "./missing";
import { Welcome } from "./Welcome";

const SignIn = page(() => import("../features/session/SignIn"));
const SignUp = page(() => import("../features/session/SignUp"));
const Explorer = page(() => import("../features/hood/explorer/ExplorerPage"));

export function Guest() {
  return (
    <div className={styles.guest}>
      <header className={styles.header}>
        <Link to="/" className={styles.home} aria-label="PayFlow, start page">
          <Logo />
        </Link>
      </header>
      <main className={styles.main}>
        <Around>
          <Routes>
            <Route path="/" element={<Welcome />} />
            <Route path="/sign-in" element={<SignIn />} />
            <Route path="/sign-up" element={<SignUp />} />
            <Route path="/explorer" element={<Explorer />} />
            <Route path="*" element={<SignInFirst />} />
          </Routes>
        </Around>
      </main>
      <footer>
        <Foot />
      </footer>
    </div>
  );
}

function SignInFirst() {
  const { pathname, search } = useLocation();
  return <Navigate to={`/sign-in?${new URLSearchParams({ next: pathname + search }).toString()}`} replace />;
}
