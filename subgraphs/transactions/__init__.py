"""transactions: how money gets from one person to another.

Owns        transfers, refunds and their sagas: what is intended, what has happened, what comes next; payment requests; the answer to
            every key; what each person has sent of late, for limits; what was decided in review
Entities    Transfer @key(id), PaymentRequest @key(id)
Extends     User (transfers, paymentRequests)
Calls       wallet (holds), users (handles)
Emits       transfer.completed.v1, transfer.failed.v1, transfer.refunded.v1, payment_request.created.v1, payment_request.closed.v1
Listens to  nothing
Invariant   a command moves money once or not at all, whatever crashes, repeats or gets lost on the way; no more is refunded than was paid
"""
