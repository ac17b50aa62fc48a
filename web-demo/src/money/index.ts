// Money as the page writes and reads it.
export { type Amount, currencyName, editable, exponentOf, formatMoney, type Parsed, parseMoney, sayWhy } from "./money";
