// What the API says, as sentences of ours. Pure.

/** "password must have 12 characters" -> "Password must have 12 characters." */
export function sentence(message: string): string {
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** What an InvalidInput says, for people. The API counts in minor units, of which they know nothing; a form lets no amount through that is too small. */
export function wrongInput(message: string): string {
  return message.includes("minor units") ? "This is more than can be moved at once." : sentence(message);
}

/** A value of an enum that is newer than this page: "CLAWED_BACK" -> "Clawed back". */
export function plainWords(value: string): string {
  const words = value.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
