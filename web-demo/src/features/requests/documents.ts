// What is read of requests, and what can be done with one.
import { graphql } from "../../graphql";

export const RequestParts = graphql(`
  fragment RequestParts on PaymentRequest {
    id
    note
    status
    createdAt
    expiresAt
    amount {
      amount
      currency
    }
    requester {
      id
      handle
      displayName
    }
    payer {
      id
      handle
      displayName
    }
    transfer {
      id
      status
    }
  }
`);

export const RequestsPage = graphql(`
  query RequestsPage($after: String, $status: [PaymentRequestStatus!]) {
    me {
      id
      paymentRequests(first: 20, after: $after, status: $status) {
        edges {
          node {
            ...RequestParts
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

export const OneRequest = graphql(`
  query OneRequest($id: ID!) {
    me {
      id
    }
    paymentRequest(id: $id) {
      ...RequestParts
    }
  }
`);

/** Which wallets there are to be paid into, or to pay from. */
export const OwnPurses = graphql(`
  query OwnPurses {
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

export const RequestPayment = graphql(`
  mutation RequestPayment($input: RequestPaymentInput!) {
    requestPayment(input: $input) {
      ... on PaymentRequest {
        ...RequestParts
      }
      ... on InvalidInput {
        field
      }
      ... on TooManyOpenRequests {
        limit
      }
      ... on Problem {
        message
      }
    }
  }
`);

export const PayRequest = graphql(`
  mutation PayRequest($input: PayRequestInput!) {
    payRequest(input: $input) {
      ... on Transfer {
        id
        status
        failureCode
      }
      ... on InsufficientFunds {
        available {
          amount
          currency
        }
      }
      ... on LimitExceeded {
        limit {
          amount
          currency
        }
      }
      ... on Problem {
        message
      }
    }
  }
`);

export const DeclineRequest = graphql(`
  mutation DeclineRequest($id: ID!) {
    declineRequest(id: $id) {
      ...RequestParts
      ... on Problem {
        message
      }
    }
  }
`);

export const CancelRequest = graphql(`
  mutation CancelRequest($id: ID!) {
    cancelRequest(id: $id) {
      ...RequestParts
      ... on Problem {
        message
      }
    }
  }
`);
