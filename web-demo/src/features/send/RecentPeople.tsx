// The people one has had to do with of late, to be chosen instead of typed.
import { useQuery } from "urql";
import { Avatar, LoadedLine } from "../../components";
import { PartiesParts, type Person } from "../../components/transfer";
import { readFragment } from "../../graphql";
import { LatestParties } from "./documents";
import { recentPeople } from "./people";
import styles from "./RecentPeople.module.css";

export function RecentPeople({ onChoose }: { onChoose: (handle: string) => void }) {
  const query = useQuery({ query: LatestParties });
  return (
    <LoadedLine query={query} missing="The people you know from before could not be loaded.">
      {({ me }) => {
        const transfers = me.transfers.edges.map((edge) => readFragment(PartiesParts, edge.node));
        const people = recentPeople(transfers, me.id);
        return people.length === 0 ? null : <People people={people} onChoose={onChoose} />;
      }}
    </LoadedLine>
  );
}

function People({ people, onChoose }: { people: readonly Person[]; onChoose: (handle: string) => void }) {
  return (
    <ul className={styles.people} aria-label="Recent people">
      {people.map((person) => (
        <li key={person.id}>
          <button type="button" className={styles.person} onClick={() => onChoose(person.handle)}>
            <Avatar name={person.displayName} />
            <span>{person.displayName}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
