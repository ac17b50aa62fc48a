// What is read and followed of somebody's notifications.
import { graphql } from "../../graphql";

export const NotificationParts = graphql(`
  fragment NotificationParts on Notification {
    id
    cursor
    kind
    title
    body
    happenedAt
    readAt
    transfer {
      id
      from {
        id
        owner {
          id
          displayName
        }
      }
      to {
        id
        owner {
          id
          displayName
        }
      }
    }
    paymentRequest {
      id
      requester {
        id
        displayName
      }
      payer {
        id
        displayName
      }
    }
  }
`);

export const NotificationsPage = graphql(`
  query NotificationsPage($after: String, $unreadOnly: Boolean!) {
    me {
      id
      notifications(first: 20, after: $after, unreadOnly: $unreadOnly) {
        edges {
          node {
            ...NotificationParts
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

export const UnreadCount = graphql(`
  query UnreadCount {
    me {
      id
      unreadNotificationCount
    }
  }
`);

export const NotificationCursor = graphql(`
  query NotificationCursor {
    me {
      id
      notificationCursor
    }
  }
`);

export const NotificationCame = graphql(`
  subscription NotificationCame($after: String) {
    notifications(after: $after) {
      ...NotificationParts
      cursor
    }
  }
`);

export const MarkRead = graphql(`
  mutation MarkRead($ids: [ID!]!) {
    markNotificationsRead(ids: $ids) {
      id
      readAt
    }
  }
`);

export const MarkAllRead = graphql(`
  mutation MarkAllRead($upTo: String) {
    markAllNotificationsRead(upTo: $upTo)
  }
`);
