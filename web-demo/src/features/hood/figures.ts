// Times, sizes and costs in few characters.

/** Milliseconds, with as many digits as help. */
export function inMs(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

export function inBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

export function inNumber(value: number): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
}

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${inNumber(count)} ${count === 1 ? one : several}`;
}
