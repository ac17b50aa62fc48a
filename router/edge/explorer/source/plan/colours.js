// A colour of its own for each subgraph, the same in every plan while the page is open.
const HUES = [211, 28, 142, 280, 340, 174, 48, 250, 8, 100];
const given = new Map();

export function colourOf(subgraph) {
  if (!given.has(subgraph)) given.set(subgraph, HUES[given.size % HUES.length]);
  return { '--hue': given.get(subgraph) };
}
