import type { SignInCommand, SignInFlow } from '../api/sign-ins';
import type { StepProps } from '../flow/journey';

/** What the component of a sign-in's step is given. */
export type SignInStepProps = StepProps<SignInFlow, SignInCommand>;
