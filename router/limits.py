"""Every bound of the router, with why that number. A loop, queue or cache says which of these holds it."""

# ── the request ─────────────────────────────────────────────────────────────────────────────────────────────────────
REQUEST_BYTES_MAX = 1_000_000  # a generous operation with variables is some 20 kB; uploads are not GraphQL's job
DOCUMENT_TOKENS_MAX = 15_000  # the parser's guard; the largest operations of public APIs stay under 5 000
SELECTION_DEPTH_MAX = 50  # introspection needs 13; hand-written operations rarely pass 15
SELECTIONS_MAX = 20_000  # after fragments are spread; stops exponential fragment bombs before planning
ROOT_FIELDS_MAX = 200  # each root field can be a fetch of its own

# ── planning ────────────────────────────────────────────────────────────────────────────────────────────────────────
PLAN_CACHE_ENTRIES_MAX = 1_000  # distinct operations × condition bits a deployment uses; a plan is some 10-100 kB
DOCUMENT_CACHE_ENTRIES_MAX = 1_000  # parsed and validated documents, keyed by their text
FETCHES_PER_PLAN_MAX = 500  # far above any sensible operation; past it the plan is refused
KEY_HOPS_MAX = 8  # entity moves chained to reach one field; real graphs need one to three

# ── execution ───────────────────────────────────────────────────────────────────────────────────────────────────────
SUBGRAPH_TIMEOUT_S = 10.0  # the transfer mutation may wait a few seconds for its saga
SUBGRAPH_CONNECTIONS_MAX = 100  # per subgraph; more waits rather than overruns the subgraph
SUBGRAPH_RESPONSE_BYTES_MAX = 50_000_000  # a page of everything is under 1 MB; past this the router would swap
ERROR_OCCURRENCES_MAX = 10  # one failed entity may stand at thousands of places; the first ten tell the story

# ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────
SUBSCRIPTIONS_PER_SOCKET_MAX = 100  # a page opens a handful
SUBSCRIPTION_BUFFER_MAX = 128  # events waiting for one slow client; then its socket is closed, to resume by cursor
CONNECTION_INIT_TIMEOUT_S = 10.0  # graphql-transport-ws: a socket that says nothing is closed with 4408
WEBSOCKET_PING_INTERVAL_S = 15.0  # keeps idle connections through proxies that cut at 30 to 60 s
