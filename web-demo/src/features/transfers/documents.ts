// What the page of a transfer asks of the API.
import { graphql } from "../../graphql";

export const TransferPage = graphql(`
  query TransferPage($id: ID!) {
    transfer(id: $id) {
      ...TransferDetails
    }
  }
`);

export const TransferDetails = graphql(`
  fragment TransferDetails on Transfer {
    id
    kind
    status
    failureCode
    note
    createdAt
    completedAt
    amount {
      amount
      currency
    }
    refunded {
      amount
      currency
    }
    ...PartiesParts
    refundOf {
      id
    }
    refunds {
      ...RefundParts
    }
    reward {
      id
      amount {
        amount
        currency
      }
      campaign {
        id
        name
      }
    }
    ...TransferStepsParts
  }
`);

export const RefundParts = graphql(`
  fragment RefundParts on Transfer {
    id
    status
    failureCode
    createdAt
    amount {
      amount
      currency
    }
  }
`);

/** Its own fields only: the page asks for the others again when it changes. */
export const TransferUpdated = graphql(`
  subscription TransferUpdated($id: ID!) {
    transferUpdated(id: $id) {
      id
      status
      failureCode
      completedAt
      ...TransferStepsParts
    }
  }
`);
