export type { Command, Silence } from "./command";
export { newKey } from "./key";
export { leavesOpen, sentenceOf } from "./silence";
export { type CommandHandle, type Outcome, useCommand } from "./useCommand";
