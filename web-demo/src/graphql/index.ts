// What features and components use of the API.
export { graphql, readFragment, type FragmentType } from "./generated";
export { useConnection, useLive, useRestored } from "./hooks";
export type { ConnectionState } from "./connection";
export { isOutage } from "./outage";
