// Money as the page writes and reads it.
export { CURRENCIES, exponentOf } from "./currencies";
export { type Amount, currencyName, editable, formatMoney, type Parsed, parseMoney, sayWhy } from "./money";
