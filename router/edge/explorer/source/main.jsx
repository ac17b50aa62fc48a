// The page: GraphiQL for the endpoint beside it, with the plan of the operation in the editor.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { socketUrl } from './endpoint.js';
import { planPlugin } from './plan/plugin.jsx';

import 'graphiql/style.css';
import './plan/plan.css';

const DEFAULT_QUERY = `# Write an operation, and run it with Ctrl-Enter. Ctrl-Space says what fits.
#
# Headers such as an access token go into the tab Headers below; subscriptions get them, too.
# The tab Query plan on the left draws which subgraphs are asked, in which order, and at what cost.

query Hello {
  __typename
}
`;

const root = document.getElementById('explorer');
const endpoint = new URL(root.dataset.endpoint, window.location.href).href;
const showsPlans = 'queryPlans' in root.dataset;

const fetcher = createGraphiQLFetcher({ url: endpoint, subscriptionUrl: socketUrl(endpoint) });

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={DEFAULT_QUERY}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
    plugins={showsPlans ? [planPlugin(endpoint)] : []}
  >
    <GraphiQL.Logo>
      <span className="explorer-name">Router</span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
