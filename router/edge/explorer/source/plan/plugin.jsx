// The tab "Query plan" of GraphiQL's side bar.
import { PlanPanel } from './panel.jsx';

export function planPlugin(endpoint) {
  return { title: 'Query plan', icon: Icon, content: () => <PlanPanel endpoint={endpoint} /> };
}

function Icon() {
  return (
    <svg height="1em" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="9" y="2" width="6" height="5" rx="1" />
      <rect x="2" y="17" width="6" height="5" rx="1" />
      <rect x="16" y="17" width="6" height="5" rx="1" />
      <path d="M12 7v5M5 17v-5h14v5" />
    </svg>
  );
}
