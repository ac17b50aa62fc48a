// A GraphQL document for people to read.
import { parse, print } from "graphql";

export function printed(document: string): string {
  try {
    return print(parse(document));
  } catch {
    return document; // better as it came than not at all
  }
}
