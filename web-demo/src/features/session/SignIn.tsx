// Signing in with e-mail and password. Who guesses too often is told how long to wait, to the second.
import { type SubmitEvent, useState } from "react";
import { Link, useLocation } from "react-router";
import { useMutation } from "urql";
import { Button, Field, Page, Problem } from "../../components";
import { useSession } from "../../session";
import { begin, SignInDocument } from "./documents";
import { faultOf } from "./fault";
import { FormCard } from "./FormCard";
import { SessionEnded } from "./SessionEnded";
import { useCountdown, Wait } from "./Wait";

export default function SignIn() {
  const session = useSession();
  const { search } = useLocation();
  const [{ fetching }, signIn] = useMutation(SignInDocument);
  const [problem, setProblem] = useState("");
  const [wait, setWait] = useCountdown();

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setProblem("");
    const { data, error } = await signIn({ input: { email: text(form, "email").trim(), password: text(form, "password") } });
    const answer = data?.login;
    if (answer === undefined) {
      setProblem(faultOf(error));
      return;
    }
    if (answer.__typename === "Session") {
      begin(answer);
      return;
    }
    if (answer.__typename === "TooManyAttempts") {
      setWait(answer.retryAfter);
      return;
    }
    setProblem("That e-mail and password do not go together. Check both, or sign up.");
  }

  return (
    <Page title="Sign in" width="narrow" lead="Good to see you again.">
      {session.status === "signed-out" && <SessionEnded because={session.because} />}
      <FormCard onSubmit={submit}>
        <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" spellCheck={false} required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Problem message={problem} />
        <Wait seconds={wait} />
        <Button type="submit" wide busy={fetching} disabled={wait > 0}>
          Sign in
        </Button>
      </FormCard>
      <p>
        New here? <Link to={`/sign-up${search}`}>Sign up</Link>
      </p>
    </Page>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
