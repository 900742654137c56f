import { z } from 'zod';

const faultsSchema = z.object({
  /** What the phone's provider does: answers late, refuses, breaks before or after it has accepted, or accepts and never answers. */
  mode: z.preprocess((mode) => (typeof mode === 'number' ? String(mode) : mode), z.enum(['none', 'slow', '429', '500', 'accept-500', 'hang'])).default('none'),
  /** Numbers whose texts are accepted and never delivered, and addresses that the mail server refuses. */
  undeliverable: z.array(z.string().trim().toLowerCase().min(1)).max(1_000).default([]),
  /** Whether what becomes of a text is reported, or the reports get lost. */
  reports: z.enum(['sent', 'lost']).default('sent'),
  /** What the mail server does: refuses for now (451), for good (550), or accepts and never answers. */
  mail: z.enum(['none', 'later', 'refuse', 'hang']).default('none'),
});

/** The switches of inbox and phone. They are forgotten at a restart. */
export type Faults = z.infer<typeof faultsSchema>;

/** Holds the switches: everything reads them at the moment it acts. */
export class FaultSwitches {
  #now: Faults = faultsSchema.parse({});

  get now(): Faults {
    return this.#now;
  }

  /**
   * Sets the given switches and leaves the others.
   * @returns what is wrong with them, or null when they are set
   */
  set(change: unknown): string | null {
    const parsed = faultsSchema.safeParse({ ...this.#now, ...(typeof change === 'object' ? change : {}) });
    if (!parsed.success) return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    this.#now = parsed.data;
    return null;
  }
}
