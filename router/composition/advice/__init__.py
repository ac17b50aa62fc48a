"""The hints of composition, one a file: each words what its code says, for the merge step that finds it."""
