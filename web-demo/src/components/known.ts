// Whether what a query has answered can be shown. Pure.

interface Answer<Data> {
  readonly data?: Data | null | undefined;
  readonly error?: unknown;
  /** It is being asked again: what is there may be a part of the answer, out of the cache. */
  readonly stale?: boolean;
}

/** That there is no `subject` counts only once the API has said so: it may be still to come, or its service may be away. */
export function isKnown<Data>({ data, error, stale = false }: Answer<Data>, subject: (data: Data) => unknown): boolean {
  if (data == null) return false;
  return subject(data) != null || (error === undefined && !stale);
}
