// What one has earned, per currency and one by one, and the offers one can earn more by.
import { useState } from "react";
import { useQuery } from "urql";
import {
  Badge,
  Card,
  DateTime,
  EmptyState,
  Icon,
  IconDisc,
  List,
  Loaded,
  Money,
  Page,
  Pager,
  plainWords,
  Row,
  TimeAgo,
} from "../../components";
import { type FragmentType, readFragment } from "../../graphql";
import { CampaignParts, Offers, RewardParts, RewardsEarned, RewardsPage } from "./documents";
import { percentOf, seasonOf, standingOf, termsOf } from "./offer";
import styles from "./Rewards.module.css";

export default function Rewards() {
  return (
    <Page title="Rewards" lead="You pay, you earn some of it back. It arrives by itself.">
      <div className={styles.columns}>
        <Earned />
        <Running />
      </div>
      <Card title="What you earned" flush>
        <Some after={null} />
      </Card>
    </Page>
  );
}

function Earned() {
  const query = useQuery({ query: RewardsEarned });
  return (
    <div className={styles.column}>
      <Loaded query={query} around={(instead) => <Card title="Earned so far">{instead}</Card>}>
        {({ me }) => <Sums of={me.rewardsEarned} />}
      </Loaded>
    </div>
  );
}

function Sums({ of: sums }: { of: readonly { amount: number; currency: string }[] }) {
  return (
    <section className={styles.earned} aria-label="Earned so far">
      <Icon name="reward" size={28} />
      <h2 className={styles.caption}>Earned so far</h2>
      {sums.length === 0 ? (
        <p className={styles.none}>Nothing yet. Your first payment may change that.</p>
      ) : (
        sums.map((sum) => <Money key={sum.currency} of={sum} size="xl" />)
      )}
    </section>
  );
}

function Running() {
  const query = useQuery({ query: Offers });
  return (
    <div className={styles.column}>
      <Loaded query={query} around={(instead) => <Card title="Offers">{instead}</Card>}>
        {({ campaigns }) => <Campaigns of={campaigns} />}
      </Loaded>
    </div>
  );
}

function Campaigns({ of }: { of: readonly FragmentType<typeof CampaignParts>[] }) {
  const [now] = useState(() => Date.now());
  const campaigns = of.map((one) => readFragment(CampaignParts, one)).filter((one) => seasonOf(one, now) !== "over");
  if (campaigns.length === 0) {
    return (
      <Card title="Offers">
        <EmptyState icon="calendar" title="No offers just now">
          They appear here when there are some.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card title="Offers" flush>
      <List label="Offers">
        {campaigns.map((campaign) => (
          <Row
            key={campaign.id}
            before={<IconDisc icon="reward" tone="accent" />}
            title={campaign.name}
            detail={
              <>
                {termsOf(campaign)}
                {seasonOf(campaign, now) === "coming" && (
                  <>
                    {" "}
                    From <DateTime at={campaign.startsAt} />.
                  </>
                )}
                {campaign.endsAt !== null && (
                  <>
                    {" "}
                    Until <DateTime at={campaign.endsAt} />.
                  </>
                )}
              </>
            }
            after={<Badge tone="accent">{percentOf(campaign.rate)}</Badge>}
          />
        ))}
      </List>
    </Card>
  );
}

function Some({ after }: { after: string | null }) {
  const query = useQuery({ query: RewardsPage, variables: { after } });
  return (
    <Loaded query={query}>
      {({ me: { rewards } }) => (
        <>
          {rewards.edges.length > 0 && (
            <List label={after === null ? "Rewards" : "Older rewards"}>
              {rewards.edges.map(({ node }) => (
                <RewardRow key={readFragment(RewardParts, node).id} of={node} />
              ))}
            </List>
          )}
          {rewards.edges.length === 0 && after === null && (
            <EmptyState icon="reward" title="No rewards yet">
              Pay somebody while an offer runs, and the reward appears here.
            </EmptyState>
          )}
          <Pager pageInfo={rewards.pageInfo}>{(next) => <Some after={next} />}</Pager>
        </>
      )}
    </Loaded>
  );
}

function RewardRow({ of }: { of: FragmentType<typeof RewardParts> }) {
  const reward = readFragment(RewardParts, of);
  const standing = standingOf(reward.status) ?? { label: plainWords(reward.status), tone: "neutral" as const };
  return (
    <Row
      to={`/transfers/${reward.transfer.id}`}
      before={<IconDisc icon="reward" tone={standing.tone} />}
      title={reward.campaign.name}
      detail={
        <>
          You paid {reward.transfer.to.owner.displayName} <Money of={reward.transfer.amount} /> · <TimeAgo at={reward.createdAt} />
        </>
      }
      after={
        <>
          <Money of={reward.amount} signed={reward.status === "ISSUED"} />
          <Badge tone={standing.tone}>{standing.label}</Badge>
        </>
      }
    />
  );
}
