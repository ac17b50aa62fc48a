"""The specifications that composition implements: link, federation 2, join, and the features that reach the supergraph."""
