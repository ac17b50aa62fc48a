// Opening an account. What the API does not like is said beside the field it concerns.
import { type SubmitEvent, useState } from "react";
import { Link, useLocation } from "react-router";
import { useMutation } from "urql";
import { Button, Field, Page, Problem, sentence } from "../../components";
import { begin, SignUpDocument } from "./documents";
import { faultOf } from "./fault";
import { FormCard } from "./FormCard";
import { useCountdown, Wait } from "./Wait";

const EMPTY = { displayName: "", handle: "", email: "", password: "" };
type FieldName = keyof typeof EMPTY;
type Problems = Partial<Record<FieldName | "form", string | undefined>>;

export default function SignUp() {
  const { search } = useLocation();
  const [input, setInput] = useState(EMPTY);
  const [problems, setProblems] = useState<Problems>({});
  const [{ fetching }, signUp] = useMutation(SignUpDocument);
  const [wait, setWait] = useCountdown();

  function field(name: FieldName) {
    return {
      name,
      value: input[name],
      problem: problems[name],
      onChange: (event: { target: { value: string } }) => {
        setInput({ ...input, [name]: event.target.value });
        setProblems({ ...problems, [name]: undefined, form: undefined });
      },
    };
  }

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { displayName, handle, email, password } = input;
    const asked = { displayName: displayName.trim(), handle: bare(handle), email: email.trim(), password };
    const { data, error } = await signUp({ input: asked });
    const answer = data?.register;
    if (answer === undefined) {
      setProblems({ form: faultOf(error) });
      return;
    }
    if (answer.__typename === "Session") {
      begin(answer);
      return;
    }
    if (answer.__typename === "EmailTaken") {
      setProblems({ email: "There is an account with this e-mail already. Sign in instead?" });
      return;
    }
    if (answer.__typename === "HandleTaken") {
      setProblems({ handle: "Somebody has this handle already. Try another one." });
      return;
    }
    if (answer.__typename === "TooManyAttempts") {
      setWait(answer.retryAfter);
      return;
    }
    setProblems({ [answer.field in EMPTY ? answer.field : "form"]: sentence(answer.message) });
  }

  return (
    <Page title="Sign up" width="narrow" lead="It takes a minute. Your first wallet comes next.">
      <FormCard onSubmit={submit}>
        <Field label="Name" {...field("displayName")} autoComplete="name" hint="As others will see it." required />
        <Field
          label="Handle"
          {...field("handle")}
          prefix="@"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint="People pay you by it. 3 to 30 letters, digits or _."
          required
        />
        <Field label="Email" {...field("email")} type="email" autoComplete="email" inputMode="email" spellCheck={false} required />
        <Field
          label="Password"
          {...field("password")}
          type="password"
          autoComplete="new-password"
          hint="A few words are better than one with signs."
          required
        />
        <Problem message={problems.form} />
        <Wait seconds={wait} />
        <Button type="submit" wide busy={fetching} disabled={wait > 0}>
          Sign up
        </Button>
      </FormCard>
      <p>
        Have an account? <Link to={`/sign-in${search}`}>Sign in</Link>
      </p>
    </Page>
  );
}

/** "@Alice " is typed as often as "alice". */
function bare(handle: string): string {
  return handle.trim().replace(/^@/, "").toLowerCase();
}
