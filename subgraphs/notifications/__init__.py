"""notifications: what people are told, each thing once and in order.

Owns        every person's stream of notifications, and how many of them are unread
Entity      Notification @key(id)
Extends     User (notifications, unreadNotificationCount, notificationPreferences)
Emits       nothing; a hint "notifications:<user id>" over Redis wakes the open subscriptions
Listens to  transfer.completed.v1, transfer.failed.v1, transfer.refunded.v1, payment_request.created.v1, payment_request.closed.v1,
            reward.issued.v1, reward.clawed_back.v1, session.revoked.v1, in the process `python -m consumers notifications`
Invariants  a reader's stream is numbered 1, 2, 3 … without a gap, in the order of its commits, and let go of from its start only;
            the unread count of a reader is the number of kept notifications that they have not read
"""
