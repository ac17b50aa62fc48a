// What one is told of. A switch acts at once and goes back where the API does not take it.
import { useState } from "react";
import { useMutation } from "urql";
import { Card, plainWords, Problem, Switch } from "../../components";
import { type FragmentType, graphql, readFragment } from "../../graphql";
import type { NotificationKind } from "../../graphql/generated/graphql";

const PreferencesOfUser = graphql(`
  fragment PreferencesOfUser on User {
    notificationPreferences {
      kind
      enabled
    }
  }
`);

const SetPreference = graphql(`
  mutation SetPreference($kind: NotificationKind!, $enabled: Boolean!) {
    setNotificationPreference(kind: $kind, enabled: $enabled) {
      kind
      enabled
    }
  }
`);

const LABELS: Partial<Record<string, string>> = {
  TRANSFER_SENT: "Money you sent has arrived",
  TRANSFER_RECEIVED: "Money has come in",
  TRANSFER_FAILED: "A payment did not work",
  TRANSFER_REFUNDED: "Money was given back",
  REWARD_ISSUED: "You earned a reward",
  REWARD_CLAWED_BACK: "A reward went back with a refund",
  PAYMENT_REQUESTED: "Somebody asks you for money",
  PAYMENT_REQUEST_CLOSED: "A request has ended",
  SESSION_ENDED: "Somebody may have used your session",
};

export function Preferences({ of }: { of: FragmentType<typeof PreferencesOfUser> }) {
  const { notificationPreferences } = readFragment(PreferencesOfUser, of);
  const [{ fetching }, set] = useMutation(SetPreference);
  const [wanted, setWanted] = useState<{ kind: NotificationKind; enabled: boolean } | null>(null);
  const [problem, setProblem] = useState("");

  async function change(kind: NotificationKind, enabled: boolean) {
    setWanted({ kind, enabled });
    const { error } = await set({ kind, enabled });
    setWanted(null);
    setProblem(error === undefined ? "" : "That could not be changed just now. Please try again.");
  }

  return (
    <Card title="Tell me when">
      <div>
        {notificationPreferences.map(({ kind, enabled }) => (
          <Switch
            key={kind}
            label={LABELS[kind] ?? plainWords(kind)}
            detail={kind === "SESSION_ENDED" ? "Always on, for your safety." : undefined}
            checked={wanted?.kind === kind ? wanted.enabled : enabled}
            disabled={kind === "SESSION_ENDED" || (fetching && wanted?.kind !== kind)}
            onChange={(checked) => void change(kind, checked)}
          />
        ))}
      </div>
      <Problem message={problem} />
    </Card>
  );
}
