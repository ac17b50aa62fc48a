// Draws a plan: what is done in sequence from top to bottom, what is done in parallel side by side.
import { print, parse } from 'graphql';

import { colourOf } from './colours.js';

export function Drawing({ plan }) {
  if (!plan.node) return <p className="plan-message">No subgraph is asked: the router answers this by itself.</p>;
  return (
    <div className="plan-drawing">
      <Node node={plan.node} />
    </div>
  );
}

function Node({ node, path = [] }) {
  switch (node.kind) {
    case 'Sequence':
      return <Steps nodes={node.nodes} path={path} />;
    case 'Parallel':
      return <Lanes nodes={node.nodes} path={path} />;
    case 'Flatten':
      return <Node node={node.node} path={[...path, ...node.path]} />;
    case 'Fetch':
      return <Fetch fetch={node} path={path} />;
    case 'Subscription':
      return (
        <Labelled label="for each event">
          <Steps nodes={[node.primary, node.rest].filter(Boolean)} path={path} />
        </Labelled>
      );
    case 'Defer':
      return <Deferred node={node} path={path} />;
    case 'Condition':
      return <Condition node={node} path={path} />;
    default:
      return <p className="plan-message">{node.kind}</p>;
  }
}

function Steps({ nodes, path }) {
  return (
    <ol className="plan-steps">
      {nodes.map((node, index) => (
        <li key={index}>
          <Node node={node} path={path} />
        </li>
      ))}
    </ol>
  );
}

function Lanes({ nodes, path }) {
  return (
    <ul className="plan-lanes" aria-label="in parallel">
      {nodes.map((node, index) => (
        <li key={index}>
          <Node node={node} path={path} />
        </li>
      ))}
    </ul>
  );
}

function Deferred({ node, path }) {
  return (
    <div className="plan-steps">
      {node.primary?.node && (
        <Labelled label="at once">
          <Node node={node.primary.node} path={path} />
        </Labelled>
      )}
      {(node.deferred ?? []).map((part, index) => (
        <Labelled key={index} label={['later', part.label, part.queryPath?.join('.')].filter(Boolean).join(' · ')}>
          {part.node ? <Node node={part.node} path={path} /> : <p className="plan-message">from what is there already</p>}
        </Labelled>
      ))}
    </div>
  );
}

function Condition({ node, path }) {
  return (
    <div className="plan-steps">
      {node.ifClause && (
        <Labelled label={`if $${node.condition}`}>
          <Node node={node.ifClause} path={path} />
        </Labelled>
      )}
      {node.elseClause && (
        <Labelled label={`unless $${node.condition}`}>
          <Node node={node.elseClause} path={path} />
        </Labelled>
      )}
    </div>
  );
}

function Labelled({ label, children }) {
  return (
    <div className="plan-group">
      <span className="plan-label">{label}</span>
      {children}
    </div>
  );
}

function Fetch({ fetch, path }) {
  return (
    <details className="plan-fetch" style={colourOf(fetch.serviceName)}>
      <summary>
        <strong>{fetch.serviceName}</strong>
        <span>{whatIsFetched(fetch, path)}</span>
      </summary>
      <pre>{pretty(fetch.operation)}</pre>
    </details>
  );
}

/** In a few words: the objects that are completed, or the root fields that are asked. */
function whatIsFetched(fetch, path) {
  if (fetch.requires?.length) {
    const types = [...new Set(fetch.requires.map((each) => each.typeCondition).filter(Boolean))].join(', ');
    return [types, path.length && `at ${shown(path)}`].filter(Boolean).join(' ');
  }
  return [fetch.operationKind, ...rootFields(fetch.operation)].join(' ');
}

/** `posts.@.author` of a plan as `posts[].author`. */
function shown(path) {
  return path.join('.').replaceAll('.@', '[]');
}

function rootFields(operation) {
  try {
    return parse(operation).definitions[0].selectionSet.selections.map((field) => field.name?.value ?? '…');
  } catch (error) {
    return [];
  }
}

function pretty(operation) {
  try {
    return print(parse(operation));
  } catch (error) {
    return operation;
  }
}
