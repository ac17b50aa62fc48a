"""Operations that clients send by name instead of by text: automatic persisted queries, and a safelist of trusted documents.

`resolver.PersistedOperations.resolve` is what the pipeline calls first of all; after it a request has its text. `references` reads which
document a request names, `automatic` keeps the texts that clients register, `manifest` reads the files of trusted documents, and
`safelist` recognises them.
"""
