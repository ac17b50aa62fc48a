// What the first page asks of the API: one query for each of its parts, none of which waits for another.
import { graphql } from "../../graphql";

export const HomeWallets = graphql(`
  query HomeWallets {
    me {
      id
      wallets {
        id
        status
        currency
        balance {
          total {
            amount
            currency
          }
        }
        ...BalanceCardParts
      }
    }
  }
`);

export const HomeActivity = graphql(`
  query HomeActivity {
    me {
      id
      transfers(first: 6) {
        edges {
          node {
            id
            ...TransferRowParts
          }
        }
      }
    }
  }
`);

export const HomeRequests = graphql(`
  query HomeRequests {
    me {
      id
      paymentRequests(first: 50, status: [OPEN]) {
        edges {
          node {
            id
            payer {
              id
            }
          }
        }
      }
    }
  }
`);
