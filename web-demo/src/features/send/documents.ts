// What the feature asks of the API.
import { graphql } from "../../graphql";

export const SendForm = graphql(`
  query SendForm {
    me {
      id
      handle
      wallets {
        id
        currency
        status
        balance {
          available {
            amount
            currency
          }
        }
      }
    }
  }
`);

export const LatestParties = graphql(`
  query LatestParties {
    me {
      id
      transfers(first: 20) {
        edges {
          node {
            id
            ...PartiesParts
          }
        }
      }
    }
  }
`);

export const FindRecipient = graphql(`
  query FindRecipient($handle: String!, $currency: CurrencyCode!) {
    userByHandle(handle: $handle) {
      id
      handle
      displayName
      wallet(currency: $currency) {
        id
      }
    }
  }
`);

/** Asks for nothing of other services: what could not be read after the payment would hide that it was made. */
export const SendMoney = graphql(`
  mutation SendMoney($input: TransferInput!) {
    transfer(input: $input) {
      ... on Transfer {
        ...FollowedTransfer
      }
      ... on InsufficientFunds {
        available {
          amount
          currency
        }
      }
      ... on InvalidInput {
        field
      }
      ... on Problem {
        message
      }
    }
  }
`);

export const FollowedTransfer = graphql(`
  fragment FollowedTransfer on Transfer {
    id
    status
    failureCode
    completedAt
    ...TransferStepsParts
  }
`);

export const FollowTransfer = graphql(`
  query FollowTransfer($id: ID!) {
    transfer(id: $id) {
      ...FollowedTransfer
    }
  }
`);

export const SentTransferUpdated = graphql(`
  subscription SentTransferUpdated($id: ID!) {
    transferUpdated(id: $id) {
      ...FollowedTransfer
    }
  }
`);
