"""Every bound of the router, with why that number. A loop, queue or cache says which of these holds it."""

# ── the request ─────────────────────────────────────────────────────────────────────────────────────────────────────
REQUEST_BYTES_MAX = 1_000_000  # a generous operation with variables is some 20 kB; uploads are not GraphQL's job
DOCUMENT_TOKENS_MAX = 15_000  # the parser's guard; the largest operations of public APIs stay under 5 000
SELECTION_DEPTH_MAX = 50  # introspection needs 13; hand-written operations rarely pass 15
SELECTIONS_MAX = 20_000  # after fragments are spread; stops exponential fragment bombs before planning
ROOT_FIELDS_MAX = 200  # each root field can be a fetch of its own
ALIASES_MAX = (
    1_000  # a page that asks for fifty things by alias is rare; a flood costs the subgraphs more than the client
)
DIRECTIVES_MAX = 500  # @skip, @include and @defer on the fields of a large operation
OVERLAPS_MAX = 50_000  # pairs of fields with one key; validation compares some 300 000 a second
NESTING_MAX = 200  # levels, whatever is configured: what walks selections goes a frame or three deeper for each
EXTENT_COUNTED_MAX = 1_000_000_000  # fragments multiply: beyond it makes no difference how many
REPRESENTATIONS_PER_REQUEST_MAX = 1_000  # one list of 10 000 must not hold up a small subgraph; a page is some 100
CLIENT_RESPONSE_BYTES_MAX = 50_000_000  # as large as one answer of a subgraph may be
URL_BYTES_MAX = 16_384  # with a GET's document; proxies let 8 kB through, and what is longer belongs into a POST
HEADER_BYTES_MAX = (
    65_536  # of a request; a token and some cookies are 10 kB, and more than this stands in no proxy's way
)
HEADERS_MAX = 100  # of a request; browsers and proxies together send some 30
REQUEST_HEAD_S = 10.0  # for request line and headers: one packet, and a slow network's retransmissions
REQUEST_BODY_S = 30.0  # for the largest body over a poor connection
BATCH_OPERATIONS_MAX = 50  # in one POST; clients that batch collect some milliseconds' worth, a dozen at most
BATCH_RUNNING_MAX = 10  # of a batch at one time: it is one client, and others wait
COMPRESSED_BYTES_MIN = 4_096  # below, compressing costs more than the two packets it saves
COMPRESSED_ASIDE_BYTES_MIN = (
    131_072  # above, compressing takes over a millisecond and goes to a thread: others would wait
)
ORIGINS_REMEMBERED_MAX = 1_024  # web origins whose policy is known; others are matched anew

# ── composition ─────────────────────────────────────────────────────────────────────────────────────────────────────
SDL_BYTES_MAX = (
    5_000_000  # one subgraph; the largest public APIs are some 1.5 MB, and 10 MB takes 18 s and 0.9 GB to parse
)
SDL_NESTING_MAX = 50  # brackets within brackets of an SDL or a field set; real ones reach 10
SDL_TIMEOUT_S = 30.0  # for a subgraph to hand out its SDL; one that starts cold may build its schema first
SDL_ANSWER_BYTES_MAX = 3 * SDL_BYTES_MAX  # as JSON, where quotes, line breaks and other alphabets are escaped
COMPOSITION_CONFIG_BYTES_MAX = 2 * SDL_BYTES_MAX  # inline SDLs included
CONDITIONS_NESTED_MAX = 60  # keys and @requires whose fields need others in turn; real graphs nest three deep
SATISFIABILITY_PATHS_MAX = 1_000_000  # positions that a check follows; the largest graphs we know stay under 100 000
UNSATISFIABLE_FIELDS_SHOWN_MAX = 50  # one missing key can leave thousands without a way; the first ones tell which

# ── planning ────────────────────────────────────────────────────────────────────────────────────────────────────────
PLAN_CACHE_ENTRIES_MAX = 5_000  # distinct operations × condition bits × views of callers that a deployment uses
PLAN_CACHE_BYTES_MAX = 128_000_000  # by estimate; a plan with its compiled form is some 20-200 kB
WARMED_PLANS_MAX = 1_000  # of the operations in use, made again for a new supergraph before it serves
DOCUMENT_CACHE_CHARACTERS_MAX = 500_000  # of operation text; the parsed form takes some 170 bytes a character
FETCHES_PER_PLAN_MAX = 500  # far above any sensible operation; past it the plan is refused
FETCHES_TOLD_MAX = 500  # timed requests beside one answer, 200 bytes each: one for each fetch, @fromContext takes more
ENTITIES_PER_REQUEST_MAX = (
    20  # `_entities` fields; servers that bound aliases allow 30, and one slow field holds up all
)
PLANNING_STEPS_MAX = (
    100_000  # positions searched, fields taken, subgraphs entered, inputs looked for; large operations take some 2 000
)
PLACEMENTS_MAX = (
    100_000  # tries at choosing among ways, of one plan; then the best so far stands, and the first dive is good
)
STRANDS_MAX = 32  # leaves of one field that are placed one by one; beyond, it is taken apart by its children only

# ── execution ───────────────────────────────────────────────────────────────────────────────────────────────────────
REQUEST_TIMEOUT_S = 30.0  # three slow subgraphs in a row; clients and the proxies before us give up about then
REQUEST_OVERTIME_S = 1.0  # after that time: to put an answer together, before one without data is given
SUBGRAPH_TIMEOUT_S = 10.0  # the transfer mutation may wait a few seconds for its saga
SHARED_UNTIL_S = 1.0  # by which the deadlines of those may differ who share an answer; as much as is overtime anyway
SUBGRAPH_CONNECTIONS_MAX = 100  # to one host; more waits rather than overruns the subgraph
SUBGRAPH_REQUESTS_WAITING_MAX = (
    10_000  # for a connection to one host, some 2 kB each; past it they would time out anyway
)
SUBGRAPH_CONNECTION_IDLE_S = (
    4.0  # below uvicorn's 5 s: a POST must not go out on a connection that is just being closed
)
RETRY_ATTEMPTS = 3  # of a query: one slip is common, and two in a row tell of more than a third try mends
RETRY_ATTEMPTS_MAX = 10
RETRY_FIRST_S = 0.1  # a restarting process or a failing-over proxy needs some hundred milliseconds …
RETRY_PAUSE_MAX_S = 2.0  # … and a client waits for no more than that
RETRY_AFTER_MAX_S = 2.0  # asked for by the subgraph; likewise
RETRY_BUDGET_RATIO = 0.2  # of requests: what a subgraph with room to spare takes on top of them
RETRY_BUDGET_PER_S = 10.0  # for subgraphs that are rarely asked, where a share of the requests is next to none
RETRY_BUDGET_WINDOW_S = 10.0  # over which both are counted
ROLLING_BUCKETS = 10  # of such a window: it forgets a tenth at a time
BREAKER_ERROR_RATIO = 0.5
BREAKER_REQUESTS_MIN = 20  # fewer prove nothing: two of three may fail by chance
BREAKER_WINDOW_S = 10.0
BREAKER_OPEN_S = 5.0  # a process restarts within it
BREAKER_PROBES = 3  # one could be the query that always fails
SUBGRAPH_RESPONSE_HEAD_BYTES_MAX = 65_536  # what common proxies let through; an answer's head is some 200 bytes
HTTP2_STREAM_WINDOW_BYTES = 1_000_000  # of an answer in one go: all but the largest arrive without asking for more …
HTTP2_CONNECTION_WINDOW_BYTES = 16_000_000  # … and a good many of them side by side on one connection
HTTP2_PING_S = 15.0  # all requests to a host share one connection: one that died silently is to be found …
HTTP2_PONG_S = 5.0  # … before many have timed out on it
HEADER_SETS_RENDERED_MAX = 256  # sets of forwarded headers, 1 kB each; those of the operations in flight are wanted
SUBGRAPH_SUBSCRIPTIONS_MAX = (
    10_000  # open towards one subgraph; each is a socket, and both sides need a descriptor for it
)
SUBGRAPH_RESPONSE_BYTES_MAX = 50_000_000  # a page of everything is under 1 MB; past this the router would swap
ERROR_OCCURRENCES_MAX = 10  # one failed entity may stand at thousands of places; the first ten tell the story
CONTEXTS_PER_FETCH_MAX = (
    50  # each distinct value of a @fromContext argument is a request; a tenant or a locale is usual
)
COMPILE_ON_RUN = (
    3  # of a plan: compiling costs a handful of interpreted runs, and most operations seen twice come again
)
DEOPTS_IN_A_ROW_MAX = 8  # of a compiled plan; then something is the matter that the next run will meet too …
DEOPT_PAUSE_RUNS = 200  # … and for as many runs it is not tried
COMPILED_PLACES_MAX = 1_000  # object positions of a plan turned to Python, some 5 kB each; a large operation has 100

# ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────
SUBSCRIPTIONS_PER_SOCKET_MAX = 100  # a page opens a handful
SUBSCRIPTION_BUFFER_MAX = 128  # events waiting for one slow client; then its socket is closed, to resume by cursor
SUBSCRIPTION_BUFFER_BYTES_MAX = 1_000_000  # of those events; one that is larger waits alone
SUBSCRIPTIONS_MAX = 10_000  # open in a process, some 20 kB each
SUBSCRIPTIONS_PER_CLIENT_MAX = 200  # a person has a few tabs; a service that needs more is configured
RESERVATIONS_MAX = 10_000  # streams of graphql-sse's single connection mode, reserved and open; some 2 kB each
RESERVATION_TOKEN_BYTES = 32  # of randomness: who has the token gets the answers
RESERVATION_S = 30.0  # between a reservation and its stream: a client opens it at once
RELOAD_SPREAD_S = 5.0  # ended at one moment, all clients would come back at one moment
SESSION_CHECKS_MAX = 50  # of sessions at one time: thousands of streams of one process are looked at in turn
STREAM_CLOSE_S = 2.0  # for the last words of a stream to get through to a client that reads slowly
EVENT_STREAM_HEARTBEAT_S = 12.0  # what graphql-sse's own server does
MULTIPART_HEARTBEAT_S = 5.0  # what clients of the multipart protocol are used to
SUBGRAPH_OPERATIONS_PER_SOCKET_MAX = 100  # what Strawberry and others allow on one connection; then another is opened
SUBSCRIBERS_WOKEN_TOGETHER = 50  # of those who get an event; in between, those woken before get to send it
SUBSCRIPTION_STALL_S = 5.0  # nobody reads a subscription, and the others on its socket wait behind it; then it is ended
RECONNECT_TRIES = 6  # a subgraph that is restarted is back within a minute: 0.5 + 1 + 2 + 4 + 8 + 16 s at most …
RECONNECT_FIRST_S = 0.5
RECONNECT_PAUSE_MAX_S = 30.0
RECONNECT_STEADY_S = 30.0  # … and one that holds a connection this long starts with a clean slate
CONNECTION_INIT_TIMEOUT_S = 10.0  # graphql-transport-ws: a socket that says nothing is closed with 4408
WEBSOCKET_PING_INTERVAL_S = 15.0  # keeps idle connections through proxies that cut at 30 to 60 s
OPERATION_ERRORS_MAX = 25  # validation or coercion errors told at once; more help nobody and cost time to find

# ── access tokens ───────────────────────────────────────────────────────────────────────────────────────────────────
TOKEN_BYTES_MAX = 8_192  # what common proxies let through as one header; signed access tokens are under 2 kB
VERIFIED_TOKENS_MAX = 10_000  # tokens remembered as good, some 1 kB each; a signature check costs 100 to 200 µs
REFUSED_TOKENS_MAX = 10_000  # tokens remembered as bad, some 300 bytes each: a client that retries costs nothing …
REFUSED_TOKEN_S = 5.0  # … and for how long: one that was not valid yet may soon be
JWKS_POLL_INTERVAL_S = 60.0  # a key that its owner withdraws is forgotten, and its tokens with it, within this time
JWKS_FRESH_S = 300.0  # if nothing polled, keys are read again by the first request when older than this …
JWKS_STALE_MAX_S = (
    3_600.0  # … and if they cannot be, used up to this age: a short outage at the issuer signs nobody out
)
JWKS_RETRY_S = 10.0  # between tries to refresh keys that may still be used
JWKS_REFETCH_INTERVAL_S = 1.0  # made-up key ids cannot make us hammer the issuer
JWKS_TIMEOUT_S = 3.0  # a client is waiting behind it
JWKS_BYTES_MAX = 500_000  # a hundred RSA keys are some 50 kB
JWKS_KEYS_MAX = 100  # per issuer; two or three is usual during a rotation
REVOKED_POLL_INTERVAL_S = 30.0  # news come by a channel at once; this is for what was published while we were away
REVOKED_ENTRIES_MAX = 100_000  # held in memory, some 200 bytes each; the newest count
REVOKED_RETRY_S = 1.0  # between tries to reach the list: the last copy serves meanwhile
REVOCATION_RECHECK_S = 10.0  # a session that somebody ended lives on for at most this
REVOCATION_TIMEOUT_S = 1.0  # every request waits behind it once
REVOCATION_VERDICTS_MAX = 10_000  # as many as tokens
INHERITED_ALTERNATIVES_MAX = 1_000  # ways to meet what all types of an interface demand; a handful is usual
DENIALS_LOGGED_MAX = 25  # coordinates of one operation; more tell an operator nothing new
POLICIES_TIMEOUT_S = 1.0  # a client is waiting behind it; a look-up in a database takes some milliseconds

# ── persisted operations ────────────────────────────────────────────────────────────────────────────────────────────
AUTOMATIC_BYTES = 16_000_000  # some 10 000 texts of 1.5 kB
AUTOMATIC_ENTRY_BYTES = 250  # what an entry takes beside its text
AUTOMATIC_SHARED_CHARACTERS_MAX = (
    100_000  # of a text in Redis, where anybody may leave one for a week; large ones have 20 000
)
AUTOMATIC_TTL_S = 604_800  # a week: an app that is opened on Mondays finds its texts
AUTOMATIC_WRITES_MAX = 100  # on their way to Redis at one time; a text that is dropped is asked for again
MANIFEST_BYTES_MAX = 50_000_000  # a large app's is some 2 MB
MANIFEST_DOCUMENTS_MAX = 50_000  # some hundred per version of an app
SAFELIST_TEXT_FACTOR = (
    4  # times the longest trusted text, of whitespace and comments: what is longer is not looked into
)
PREWARM_S = 10.0  # of planning before the router is ready; some 30 documents of a middling size in a second
UNKNOWN_TEXTS_TOLD_MAX = 1_000  # lines of log, until the first is forgotten

# ── Redis ───────────────────────────────────────────────────────────────────────────────────────────────────────────
REDIS_TIMEOUT_S = 0.05  # a healthy one answers in under 1 ms; what stands behind it has a way without it
REDIS_GRACE_S = 0.002  # for an answer that came while our own loop was held up: a few turns of it
REDIS_RETRY_S = 1.0  # between probes of one that is away; some restart in a second, and a probe costs nothing
REDIS_CONNECTIONS_MAX = 50  # per process; commands take a fraction of a millisecond, so a handful is in use

# ── the response cache ──────────────────────────────────────────────────────────────────────────────────────────────
CACHE_READ_S = 0.15  # for a lookup of a few hundred entries; a subgraph takes longer than what is then lost
CACHE_KEYS_PER_CALL_MAX = 200  # of a lookup: some megabytes at most, while Redis serves nobody else
CACHE_ENTRY_BYTES = 100_000  # an entity is some 1 kB, a page some 50 kB; what is larger costs Redis more than it saves
CACHE_TTL_MAX_S = 86_400.0  # whatever an answer says of itself: a day's data is old enough
CACHE_TAG_SPARE_S = 3_600.0  # beyond the longest entry; one that is gone early makes a miss, never an old answer
CACHE_TAGS_PER_ENTRY_MAX = 64  # types in one selection, and tags; each is a key to read with the entry
CACHE_TAG_BYTES_MAX = 512  # of a tag made from somebody's key or argument
CACHE_WRITES_MAX = 200  # answers on their way to Redis, some 100 kB each at most; past it they are not kept
CACHE_QUESTIONS_MAX = 2_000  # queries to subgraphs that are understood, some 5 kB each
CACHE_INVALIDATION_BYTES_MAX = 200_000  # of one request to invalidate …
CACHE_INVALIDATIONS_MAX = 1_000  # … and what it may name

# ── the rate limit ──────────────────────────────────────────────────────────────────────────────────────────────────
RATE_LIMIT_CHARGES_PER_CALL_MAX = 200  # some 3 µs each, while Redis serves nobody else
RATE_LIMIT_SETTLEMENTS_WAITING_MAX = (
    10_000  # on their way to Redis; past it one that is stuck costs refunds, not memory
)
RATE_LIMIT_SETTLE_S = 0.005  # that a settlement may wait for a charge to travel with: half as many calls
RATE_LIMIT_SPENT_MAX = 10_000  # clients that are known to have nothing left, some 300 bytes each
RATE_LIMIT_SPENT_S = 0.1  # and for how long at most that is believed: ten looks a second at a bucket are no load
RATE_LIMIT_LOCAL_BUCKETS_MAX = 100_000  # of a process by itself, some 200 bytes each
RATE_LIMIT_ADDRESSES_MAX = 10_000  # addresses whose network is remembered: reading one costs 3 µs
FORWARDED_HOPS_MAX = 20  # of X-Forwarded-For; a request passes two or three proxies

# ── telemetry ───────────────────────────────────────────────────────────────────────────────────────────────────────
OPERATION_NAMES_IN_METRICS_MAX = 10_000  # each is 19 time series; more is no metric but a log
SPANS_WAITING_MAX = 4_096  # to be sent, some 2 kB each; a second of 400 traced requests
SPANS_PER_BATCH_MAX = 512  # in one request to the collector, some 300 kB
SPAN_BATCH_PAUSE_S = 1.0  # between batches that are not full
SPAN_EXPORT_S = 5.0  # for a batch to get through, with what is tried again; nobody waits for it but the next batch
SPAN_FLUSH_S = 2.0  # at the end, for what waits
LOGGED_CODES_MAX = 10  # of the errors of one answer, each once; the first tell what is the matter
REJECTIONS_REMEMBERED_MAX = 10_000  # times of answers with status 503; past it nobody doubts that there are too many
LOGGED_NAME_CHARACTERS_MAX = 128  # of what a client calls itself or its operation

# ── reload ──────────────────────────────────────────────────────────────────────────────────────────────────────────
RELOAD_INTERVAL_S = 1.0  # between looks at the files: two `stat` calls
RELOAD_DRAIN_S = 60.0  # for requests of before to end; the slowest subgraph has timed out by then

# ── the site ────────────────────────────────────────────────────────────────────────────────────────────────────────
SITE_FILES_MAX = 2_000  # of a build; a page in a hundred parts has some three hundred with their maps
SITE_BYTES_MAX = 67_108_864  # of a build, which is held in memory; most are a megabyte or two
SITE_LOOK_S = 1.0  # between looks at its folder while it is asked for: a `stat` call a file
SITE_STILL_S = 0.2  # for which a new build must have stood still: half a one would drive out what open pages still need

# ── the edge ────────────────────────────────────────────────────────────────────────────────────────────────────────
SOCKET_MESSAGE_BYTES_MAX = REQUEST_BYTES_MAX  # one frame carries what one POST may
# Above the 60 s after which balancers and clients let go of idle connections: who closes must be who sends, or a request goes out
# on a connection that is just being closed, and a POST is not sent again by itself.
CLIENT_CONNECTION_IDLE_S = 75
HANG_UP_WATCH_AFTER_S = 0.05  # most answers are out by then, and need no watch
SOCKETS_MAX = 10_000  # per process, some 50 kB each with their buffers; the next is told to try elsewhere
SOCKET_CLOSE_S = 2.0  # for the close frame to get through to a client that reads slowly
SOCKET_IDLE_PONG_S = 15.0  # a peer that does not answer a WebSocket ping for this long is gone
ERROR_CODES_IN_METRICS_MAX = 100  # subgraphs invent codes; past this many labels the rest count as OTHER
CONNECTIONS_WAITING_MAX = 2_048  # not yet accepted; the kernel may allow fewer
SHUTDOWN_DELAY_MAX_S = 300.0  # between "not ready" and the end; the slowest balancers look every half minute
SHUTDOWN_GRACE_S = 5.0  # what running requests get to finish when the router is told to stop
