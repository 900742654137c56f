/** A new line of the same paragraph, in markdown. */
export const LINE_BREAK = '  \n';

/** To the second, as the Web UI writes it. */
export function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The summary of a flow's timer. */
export function waitSummary(step: string, until: number): string {
  return `${step}: until ${time(until)}`;
}
