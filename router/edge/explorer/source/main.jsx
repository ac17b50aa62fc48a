// The page: GraphiQL for the endpoint beside it, with the plan of the operation in the editor.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect, useReducer } from 'react';
import { createRoot } from 'react-dom/client';

import { socketUrl } from './endpoint.js';
import { Borrower, listenToLender } from './lender.jsx';
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

const THEMES = ['light', 'dark'];

const root = document.getElementById('explorer');
const endpoint = new URL(root.dataset.endpoint, window.location.href).href;
const showsPlans = 'queryPlans' in root.dataset;

const fetcher = createGraphiQLFetcher({ url: endpoint, subscriptionUrl: socketUrl(endpoint) });
const plugins = showsPlans ? [planPlugin(endpoint)] : [];

function Explorer() {
  const [lent, lend] = useReducer((before, message) => ({ ...before, ...message }), {});
  useEffect(() => listenToLender(lend), []);
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={DEFAULT_QUERY}
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders={false}
      plugins={plugins}
      forcedTheme={THEMES.includes(lent.theme) ? lent.theme : undefined}
    >
      <GraphiQL.Logo>
        <span className="explorer-name">Router</span>
        <Borrower headers={lent.headers} query={lent.query} variables={lent.variables} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(root).render(<Explorer />);
