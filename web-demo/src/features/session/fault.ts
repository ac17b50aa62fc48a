// Why there is no answer, in words. Pure.
import type { CombinedError } from "urql";

export function faultOf(error: CombinedError | undefined): string {
  if (error?.networkError) return "PayFlow does not answer. Check your connection and try again.";
  return "That did not work, and it is not your fault. Please try again in a moment.";
}
