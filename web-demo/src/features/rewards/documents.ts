// What is read of campaigns and of what somebody has earned.
import { graphql } from "../../graphql";

export const CampaignParts = graphql(`
  fragment CampaignParts on Campaign {
    id
    name
    rate
    currency
    startsAt
    endsAt
    cap {
      amount
      currency
    }
    minimum {
      amount
      currency
    }
  }
`);

export const Offers = graphql(`
  query Offers {
    campaigns {
      ...CampaignParts
    }
  }
`);

export const RewardsEarned = graphql(`
  query RewardsEarned {
    me {
      id
      rewardsEarned {
        amount
        currency
      }
    }
  }
`);

export const RewardParts = graphql(`
  fragment RewardParts on Reward {
    id
    status
    createdAt
    amount {
      amount
      currency
    }
    campaign {
      id
      name
    }
    transfer {
      id
      amount {
        amount
        currency
      }
      to {
        id
        owner {
          id
          displayName
        }
      }
    }
  }
`);

export const RewardsPage = graphql(`
  query RewardsPage($after: String) {
    me {
      id
      rewards(first: 20, after: $after) {
        edges {
          node {
            ...RewardParts
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);
