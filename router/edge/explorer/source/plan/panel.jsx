// The plan of the operation in the editor, kept up to date while it is written.
import { useEditorContext, useHeadersEditorState, useOperationsEditorState, useVariablesEditorState } from '@graphiql/react';
import { useEffect, useState } from 'react';

import { askForPlan } from './asking.js';
import { Costs } from './costs.jsx';
import { Drawing } from './drawing.jsx';

const QUIET_MS = 400; // after the last keystroke

export function PlanPanel({ endpoint }) {
  const { plan, message } = usePlan(endpoint) ?? {};
  const [asText, setAsText] = useState(false);
  return (
    <section className="plan" aria-label="Query plan">
      <header className="plan-head">
        <h2 className="plan-title">Query plan</h2>
        {plan && (
          <button type="button" className="graphiql-un-styled plan-switch" onClick={() => setAsText(!asText)}>
            {asText ? 'Drawing' : 'Text'}
          </button>
        )}
      </header>
      {message && <p className="plan-message">{message}</p>}
      {!plan && !message && <p className="plan-message">Write an operation to see how it is fetched.</p>}
      {plan?.cost && <Costs cost={plan.cost} />}
      {plan && (asText ? <pre className="plan-text">{plan.text}</pre> : <Drawing plan={plan.object} />)}
    </section>
  );
}

function usePlan(endpoint) {
  const [query] = useOperationsEditorState();
  const [variables] = useVariablesEditorState();
  const [headers] = useHeadersEditorState();
  const operationName = useEditorContext({ nonNull: true }).queryEditor?.operationName;
  const [found, setFound] = useState(null);
  useEffect(() => {
    const aborting = new AbortController();
    const ask = async () => {
      try {
        setFound(await askForPlan(endpoint, { query, variables, headers, operationName }, aborting.signal));
      } catch (error) {
        if (!aborting.signal.aborted) setFound({ message: `The router cannot be reached: ${error.message}` });
      }
    };
    const waiting = setTimeout(ask, QUIET_MS);
    return () => {
      clearTimeout(waiting);
      aborting.abort();
    };
  }, [endpoint, query, variables, headers, operationName]);
  return found;
}
