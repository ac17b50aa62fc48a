// Audits the endpoint at argv[2], sending the headers of argv[3] (JSON) along, and prints a JSON object per audit.
import { serverAudits } from 'graphql-http';

const [url, headers = '{}'] = process.argv.slice(2);
const along = JSON.parse(headers);

const fetchFn = (input, init = {}) => fetch(input, { ...init, headers: { ...along, ...init.headers } });

for (const audit of serverAudits({ url, fetchFn })) {
  const { status, reason } = await audit.fn();
  console.log(JSON.stringify({ id: audit.id, name: audit.name, status, reason }));
}
