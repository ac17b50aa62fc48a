"""The published language: what services tell each other over the broker. An envelope, and one module per owning service."""
