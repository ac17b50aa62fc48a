// Who one is here, how it looks, what one is told of, and the way out.
import { useState } from "react";
import { useQuery } from "urql";
import { Avatar, Button, Card, DateTime, Loaded, Page, ThemeSwitch } from "../../components";
import { graphql } from "../../graphql";
import { session } from "../../session";
import styles from "./Account.module.css";
import { Preferences } from "./Preferences";

const AccountDocument = graphql(`
  query Account {
    me {
      id
      handle
      displayName
      email
      createdAt
    }
  }
`);

export default function Account() {
  const query = useQuery({ query: AccountDocument });
  return (
    <Page title="Account" width="narrow" actions={<SignOut />}>
      <Loaded query={query} around={(instead) => <Card>{instead}</Card>}>
        {({ me }) => (
          <Card>
            <div className={styles.person}>
              <Avatar name={me.displayName} size="l" />
              <div className={styles.words}>
                <p className={styles.name}>{me.displayName}</p>
                <p className={styles.soft}>@{me.handle}</p>
                {me.email != null && <p className={styles.soft}>{me.email}</p>}
                <p className={styles.soft}>
                  Here since <DateTime at={me.createdAt} />
                </p>
              </div>
            </div>
          </Card>
        )}
      </Loaded>
      <Card title="Theme">
        <ThemeSwitch />
      </Card>
      <Card title="Tell me when">
        <Preferences />
      </Card>
    </Page>
  );
}

function SignOut() {
  const [leaving, setLeaving] = useState(false);
  return (
    <Button
      variant="secondary"
      size="s"
      icon="exit"
      busy={leaving}
      onClick={() => {
        setLeaving(true);
        void session.end();
      }}
    >
      Sign out
    </Button>
  );
}
