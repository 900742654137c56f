import { factsOf, type PhaseRow } from '../../db/continuity-events';
import type { DeliveryRow } from '../../db/continuity-deliveries';
import { isVerbatim, renderAlert } from '../../domain/continuity/alerts';
import { smsLength } from '../../domain/sms-segments';
import type { ActivityDependencies } from '../dependencies';

export type Reader = Pick<DeliveryRow, 'name' | 'language' | 'time_zone'>;

/** What a phase says to each of its people; made of the rows alone, so that a look-up asks for the very text that was sent. */
export interface PhaseTexts {
  /** How many segments a text most likely has. */
  readonly segments: number;
  of(reader: Reader): { readonly body: string; readonly segments: number };
}

export function textsOf({ publicUrl }: Pick<ActivityDependencies, 'publicUrl'>, phase: PhaseRow): PhaseTexts {
  const facts = factsOf(phase);
  if (isVerbatim(phase.text)) {
    const same = { body: phase.text, segments: smsLength(phase.text).segments };
    return { segments: same.segments, of: () => same };
  }
  const of = ({ name, language, time_zone: timeZone }: Reader) => {
    const body = renderAlert(phase.text, { facts, publicUrl, reader: { name, language, timeZone } });
    return { body, segments: smsLength(body).segments };
  };
  return { of, segments: of({ name: 'A name of some length', language: null, time_zone: null }).segments };
}
