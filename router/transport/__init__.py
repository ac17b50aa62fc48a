"""How the router reaches subgraphs: one port (`base.Transport`) and its implementations, held to one contract suite."""
