import type { ResetCommand, ResetFlow } from '../api/envelope';
import type { StepProps } from '../flow/journey';

/** What the component of a reset's step is given. */
export type ResetStepProps = StepProps<ResetFlow, ResetCommand>;
