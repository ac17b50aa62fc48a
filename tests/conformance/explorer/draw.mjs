// Asks a router for the plan of an operation and draws it, with the page's own code: `node draw.mjs SOURCES ENDPOINT OPERATION`.
// Prints JSON: the HTML of the drawing and of the costs, or the message that the page would show.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [sources, endpoint, operation] = process.argv.slice(2);
const require = createRequire(join(sources, 'package.json'));

const PAGE = `
  import { renderToStaticMarkup } from 'react-dom/server';
  import { askForPlan } from './plan/asking.js';
  import { Costs } from './plan/costs.jsx';
  import { Drawing } from './plan/drawing.jsx';

  export async function page(endpoint, operation) {
    const found = await askForPlan(endpoint, operation);
    if (!found?.plan) return found;
    const { object, cost } = found.plan;
    return { drawing: renderToStaticMarkup(<Drawing plan={object} />), costs: renderToStaticMarkup(<Costs cost={cost} />) };
  }
`;

const { outputFiles } = require('esbuild').buildSync({
  stdin: { contents: PAGE, resolveDir: sources, loader: 'jsx' },
  bundle: true,
  format: 'cjs',
  jsx: 'automatic',
  platform: 'node',
  write: false,
});
const module = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);

console.log(JSON.stringify(await module.exports.page(endpoint, JSON.parse(operation))));
