// The names of all fields that a document asks for. Pure, and remembered by document.
import type { DocumentNode, SelectionSetNode } from "graphql";

const remembered = new WeakMap<object, ReadonlySet<string>>();

export function fieldsIn(document: Pick<DocumentNode, "definitions">): ReadonlySet<string> {
  const known = remembered.get(document);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const definition of document.definitions) {
    if ("selectionSet" in definition) collect(definition.selectionSet, names);
  }
  remembered.set(document, names);
  return names;
}

function collect(set: SelectionSetNode | undefined, names: Set<string>): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === "Field") names.add(selection.name.value);
    if (selection.kind !== "FragmentSpread") collect(selection.selectionSet, names); // fragments stand in the document themselves
  }
}
