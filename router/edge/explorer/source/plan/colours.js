// A colour of its own for each subgraph, the same in every plan.
const HUES = [211, 28, 142, 280, 340, 174, 48, 250, 8, 100];

export function colourOf(subgraph) {
  let hash = 0;
  for (const character of subgraph) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return { '--hue': HUES[hash % HUES.length] };
}
