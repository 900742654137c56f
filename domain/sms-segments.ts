import { SegmentedMessage } from 'sms-segments-calculator';

/** How a text travels: in segments of 160 GSM-7 characters or 70 UCS-2 units, of 153 or 67 where there are several. */
export interface SmsLength {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly segments: number;
  /** Characters as people count them. */
  readonly characters: number;
  /** What of the text is not in GSM-7: one such character more than halves what a segment holds. */
  readonly notGsm: readonly string[];
}

/** The length of a text as it is sent, verbatim: no character is replaced by a like one. */
export function smsLength(text: string): SmsLength {
  const message = new SegmentedMessage(text);
  return { encoding: message.encodingName, segments: message.segmentsCount, characters: message.graphemes.length, notGsm: [...new Set(message.getNonGsmCharacters())] };
}
