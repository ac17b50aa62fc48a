"""What `benchmarks.subscriptions` measures with: a subgraph that tells on demand, a bare server beside it, and thousands of clients."""
