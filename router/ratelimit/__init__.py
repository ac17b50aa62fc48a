"""How much each client may spend: token buckets that all routers share in Redis, filled by time and emptied by operations.

`limiter.RateLimiter` is what the pipeline calls: `charge` before an operation runs, `settle` when its actual cost is known. Who is
charged is decided in `clients`, by which plan in `plans`, how buckets count in `gcra`, where they are kept in `shared` (Redis) and
`local` (this process), and what the client hears of it in `telling`.
"""
