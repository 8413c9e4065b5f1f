import { z } from 'zod';

/** What a button carries: of which run and plan it was drawn. What it comes from may have been edited: nothing is believed of it. */
const pointer = z.strictObject({
  run: z.string().regex(/^[a-z]+\/[\w./-]{1,500}$/),
  plan: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Which of several times the same may be asked. */
  turn: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
export type Pointer = z.infer<typeof pointer>;

export function pointerText(of: Pointer): string {
  return JSON.stringify(of);
}

/** Undefined for what no button of ours has. */
export function readPointer(text: string | undefined): Pointer | undefined {
  try {
    return pointer.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
