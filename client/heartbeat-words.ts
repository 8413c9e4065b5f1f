/** What a step that is under way has said last, for people; some also tell their later tries something. */
export function heartbeatWords(data: Uint8Array | null | undefined): string | undefined {
  if (!data) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    const words = typeof value === 'object' && value !== null && 'doing' in value ? value.doing : value;
    return typeof words === 'string' ? words : undefined;
  } catch {
    return undefined;
  }
}
