"""Every metric of the services, named once. Units last; labels are few and bounded."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

# From a group of one up to a member that was killed and is waited for; the wait for what is being delivered is ten seconds at most.
REBALANCE_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0, 60.0)

OPERATIONS = Counter("payflow_operations_total", "GraphQL operations answered", ["service", "outcome"])
OPERATION_SECONDS = Histogram("payflow_operation_seconds", "Time to answer a GraphQL operation", ["service"])
OUTBOX_PENDING = Gauge(
    "payflow_outbox_pending", "Rows of the outbox: events that have no position in the log yet", ["service"]
)
OUTBOX_OLDEST_SECONDS = Gauge("payflow_outbox_oldest_seconds", "How long the first of them has waited", ["service"])
OUTBOX_DEAD_ROWS = Gauge(
    "payflow_outbox_dead_rows", "Rows that have left the outbox, and that PostgreSQL has yet to clear away", ["service"]
)
OUTBOX_SEQUENCED = Counter("payflow_outbox_sequenced_total", "Events that got their position in the log", ["service"])
OUTBOX_PUBLISHED = Counter("payflow_outbox_published_total", "Events acknowledged by the broker", ["service"])
OUTBOX_FAILURES = Counter("payflow_outbox_failures_total", "Attempts to sequence or publish that failed", ["service"])
OUTBOX_REWINDS = Counter(
    "payflow_outbox_rewinds_total", "Events published again because the broker lost them", ["service"]
)
SEQUENCE_SECONDS = Histogram("payflow_sequence_seconds", "Time of a pass of the sequencer, empty or not", ["service"])
SINK_LAG = Gauge("payflow_sink_lag", "Positions of the log that are not with the broker yet", ["service"])
SINK_LAG_SECONDS = Gauge("payflow_sink_lag_seconds", "How long ago the first of their events was recorded", ["service"])
PRODUCE_SECONDS = Histogram("payflow_produce_seconds", "Time until a batch of events is acknowledged", ["service"])
EVENTS_HANDLED = Counter("payflow_events_handled_total", "Events consumed", ["consumer", "outcome"])
EVENTS_LAG = Gauge(
    "payflow_events_lag", "Records that a consumer process has not read yet, of its partitions", ["consumer", "topic"]
)
EVENTS_LAG_SECONDS = Gauge(
    "payflow_events_lag_seconds",
    "For how long the broker has had the oldest record that a consumer process reads and has not done; 0 where none waits",
    ["consumer", "topic"],
)
EVENTS_STEP_SECONDS = Histogram(
    "payflow_events_step_seconds",
    "Time to handle events, from one to a poll of them, in their transaction; and to follow up behind it",
    ["consumer", "step"],
)
EVENTS_REBALANCE_SECONDS = Histogram(
    "payflow_events_rebalance_seconds",
    "Time in which a member had no partitions, since its group dealt them out anew",
    ["group"],
    buckets=REBALANCE_BUCKETS_S,
)
EVENTS_PARKED = Gauge("payflow_events_parked", "Events that wait to be tried again", ["consumer"])
EVENTS_PARKED_OLDEST_SECONDS = Gauge(
    "payflow_events_parked_oldest_seconds", "How long the first of them has waited", ["consumer"]
)
EVENTS_DEAD = Gauge("payflow_events_dead", "Dead letters that wait for a person's decision", ["consumer"])
EVENTS_DEAD_OLDEST_SECONDS = Gauge(
    "payflow_events_dead_oldest_seconds", "How long the first of them has waited", ["consumer"]
)
EVENTS_JUMPS = Counter(
    "payflow_events_jumps_total",
    "Times that a partition did not go on where it was left: records are gone, or come again",
    ["group", "topic"],
)
SAGA_OUTCOMES = Counter("payflow_saga_outcomes_total", "Transfers that reached an end", ["status"])
SAGA_RECOVERED = Counter("payflow_saga_recovered_total", "Transfers taken up by the recovery worker", [])
HOLDS_EXPIRED = Counter("payflow_holds_expired_total", "Holds that were given back because their time was over", [])
HOLD_OVERDUE_SECONDS = Gauge("payflow_hold_overdue_seconds", "How long the oldest hold past its time has been so", [])
SAGA_ESCALATED = Counter("payflow_saga_escalated_total", "Transfers handed to a person", ["state"])
SAGA_REVIEWS = Gauge("payflow_saga_reviews", "Transfers that wait for a person's decision")
SAGA_REVIEW_OLDEST_SECONDS = Gauge("payflow_saga_review_oldest_seconds", "How long the first of them has waited")
SAGA_WALLET_SILENT = Gauge("payflow_saga_wallet_silent", "1 while the wallet service answers no calls of sagas")
SAGA_HELD_BACK = Counter("payflow_saga_held_back_total", "Times that recovery left what is due, to spare what is busy")
REWARDS_PENDING = Gauge("payflow_rewards_pending", "Rewards that have been granted and not been paid")
REWARDS_PENDING_OLDEST_SECONDS = Gauge(
    "payflow_rewards_pending_oldest_seconds", "How long the first of them has waited"
)
CAMPAIGNS_PAUSED = Gauge("payflow_campaigns_paused", "Campaigns whose fund was empty, and that nobody has resumed")
LOGINS = Counter("payflow_logins_total", "Attempts to log in, by what came of them", ["outcome"])
SESSIONS_ENDED = Counter("payflow_sessions_ended_total", "Sessions ended before their time", ["reason"])
