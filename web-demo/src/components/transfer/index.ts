// What features show of a transfer.
export { NOTHING_TAKEN, reasonOf } from "./failure";
export { partiesOf, type Person, signedFor } from "./parties";
export { PartiesParts, readParties } from "./PartiesParts";
export { StandingBadge } from "./StandingBadge";
export { TransferRow } from "./TransferRow";
export { TransferSteps } from "./TransferSteps";
