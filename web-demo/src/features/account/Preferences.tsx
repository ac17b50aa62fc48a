// What one is told of. A switch acts at once and goes back where the API does not take it.
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { Loaded, plainWords, Problem, Switch } from "../../components";
import { graphql } from "../../graphql";
import type { NotificationKind, OwnPreferencesQuery } from "../../graphql/generated/graphql";

const OwnPreferences = graphql(`
  query OwnPreferences {
    me {
      id
      notificationPreferences {
        kind
        enabled
      }
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

export function Preferences() {
  const query = useQuery({ query: OwnPreferences });
  return <Loaded query={query}>{({ me }) => <Switches of={me.notificationPreferences} />}</Loaded>;
}

function Switches({ of: preferences }: { of: OwnPreferencesQuery["me"]["notificationPreferences"] }) {
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
    <>
      <div>
        {preferences.map(({ kind, enabled }) => (
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
    </>
  );
}
