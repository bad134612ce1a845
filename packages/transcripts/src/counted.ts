const whole = new Intl.NumberFormat();

/** "1 session", "1,200 sessions". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}
