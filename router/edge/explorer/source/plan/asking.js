// Asks the router for the plan of an operation, without running it.
import { parse } from 'graphql';

/** The plan, or why there is none: `{plan}`, `{message}`, or null where there is nothing to ask about. */
export async function askForPlan(endpoint, { query, variables, headers, operationName }, signal) {
  const operations = operationsIn(query);
  if (operations === null) return { message: 'The operation does not parse yet.' };
  if (operations.length === 0) return null;
  const asked = {
    query,
    variables: objectIn(variables),
    operationName: operations.includes(operationName) ? operationName : operations[0],
  };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/json, multipart/mixed;deferSpec=20220824', // so that deferred parts are planned apart
      'content-type': 'application/json',
      ...objectIn(headers),
      'router-expose-query-plan': 'dry-run',
    },
    body: JSON.stringify(asked),
    signal,
  });
  const answer = await response.json();
  const plan = answer.extensions?.queryPlan;
  return plan ? { plan } : { message: (answer.errors ?? []).map((error) => error.message).join('\n') || 'No plan came.' };
}

function operationsIn(query) {
  try {
    return parse(query)
      .definitions.filter((definition) => definition.kind === 'OperationDefinition')
      .map((definition) => definition.name?.value);
  } catch (error) {
    return query.replace(/#.*/g, '').trim() ? null : [];
  }
}

function objectIn(text) {
  try {
    const value = JSON.parse(text || '{}');
    return value !== null && typeof value === 'object' ? value : {};
  } catch (error) {
    return {};
  }
}
