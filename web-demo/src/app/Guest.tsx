// What somebody sees who is not signed in: the welcome page, and the ways in. Whoever was going somewhere is brought there afterwards.
import { lazy } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { HoodButton } from "../features/hood";
import { Around } from "./Around";
import styles from "./Guest.module.css";
import { Logo } from "./Logo";
import { Welcome } from "./Welcome";

const SignIn = lazy(() => import("../features/session/SignIn"));
const SignUp = lazy(() => import("../features/session/SignUp"));
const Explorer = lazy(() => import("../features/hood/explorer/ExplorerPage"));

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
        <HoodButton />
      </footer>
    </div>
  );
}

function SignInFirst() {
  const { pathname, search } = useLocation();
  return <Navigate to={`/sign-in?${new URLSearchParams({ next: pathname + search }).toString()}`} replace />;
}
