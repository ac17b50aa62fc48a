// The way in for somebody new: three steps, ticked off as they are done, with the next one to press.
import { Button, ButtonLink, Card, Icon } from "../../components";
import type { Step } from "./firstSteps";
import styles from "./FirstSteps.module.css";

interface Props {
  steps: readonly Step[];
  onOpen: () => void;
}

export function FirstSteps({ steps, onOpen }: Props) {
  const next = steps.find((step) => !step.done);
  return (
    <Card title="Three steps to your first payment">
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step.key} className={styles.step} data-done={step.done}>
            <span className={styles.number} aria-hidden="true">
              {step.done ? <Icon name="check" size={16} /> : index + 1}
            </span>
            <div className={styles.words}>
              <p className={styles.title}>
                {TITLES[step.key]}
                {step.done && <span className="visually-hidden">, done</span>}
              </p>
              <p className={styles.detail}>{DETAILS[step.key]}</p>
            </div>
            {step === next && <Act step={step} onOpen={onOpen} />}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Act({ step, onOpen }: { step: Step; onOpen: () => void }) {
  if (step.key === "open") {
    return (
      <Button size="s" onClick={onOpen}>
        Choose a currency
      </Button>
    );
  }
  const to = step.wallet === null ? "/send" : `/wallets/${step.wallet.id}?do=top-up`;
  return (
    <ButtonLink size="s" to={to}>
      {step.wallet === null ? "Send to somebody" : `Top up your ${step.wallet.currency} wallet`}
    </ButtonLink>
  );
}

const TITLES: Record<Step["key"], string> = { open: "Get a wallet", "top-up": "Put money in", send: "Send some" };
const DETAILS: Record<Step["key"], string> = {
  open: "One for each currency that you use.",
  "top-up": "It is there at once.",
  send: "To anybody on PayFlow, by their handle.",
};
