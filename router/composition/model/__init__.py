"""The nouns of composition: what goes in, what comes out, and schemas as both sides hold them."""
