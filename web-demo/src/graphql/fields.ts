// The names of all fields that a document asks for. Pure, and remembered by document.
import type { DocumentNode, FieldNode, SelectionNode, SelectionSetNode } from "graphql";

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
    if (isField(selection)) names.add(selection.name.value);
    if ("selectionSet" in selection) collect(selection.selectionSet, names); // fragments that are spread stand in the document themselves
  }
}

function isField(selection: SelectionNode): selection is FieldNode {
  return (selection.kind as string) === "Field"; // the enum itself would bring graphql-js into the page
}
