// The two parties of a transfer, as the API tells of them.
import { type FragmentType, graphql, readFragment } from "../../graphql";
import { type Parties, partiesOf } from "./parties";

export const PartiesParts = graphql(`
  fragment PartiesParts on Transfer {
    from {
      id
      owner {
        id
        handle
        displayName
      }
    }
    to {
      id
      owner {
        id
        handle
        displayName
      }
    }
  }
`);

export function readParties(of: FragmentType<typeof PartiesParts>, userId: string): Parties {
  return partiesOf(readFragment(PartiesParts, of), userId);
}
