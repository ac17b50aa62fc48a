// What the operation is estimated to cost, and how much of it in which subgraph.
import { colourOf } from './colours.js';

export function Costs({ cost }) {
  const shares = Object.entries(cost.bySubgraph).sort(([, one], [, other]) => other - one);
  return (
    <div className="plan-costs">
      <p className="plan-cost-total">
        Estimated cost <strong>{number(cost.estimated)}</strong>
      </p>
      {shares.length > 1 && cost.estimated > 0 && (
        <div className="plan-cost-bar" aria-hidden="true">
          {shares.map(([subgraph, share]) => (
            <span key={subgraph} style={{ flexGrow: share, ...colourOf(subgraph) }} />
          ))}
        </div>
      )}
      <ul className="plan-cost-shares">
        {shares.map(([subgraph, share]) => (
          <li key={subgraph} style={colourOf(subgraph)}>
            {subgraph} <strong>{number(share)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

function number(value) {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}
