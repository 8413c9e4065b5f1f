/** What the gateway says, with something behind it. Its first letter stays: it may be the name of somebody. */
export function withStop(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
