/** The workflow's name, so that the API starts it without importing its code. */
export const NUMBER_CHECK = 'numberCheck';

export interface NumberCheckInput {
  readonly checkId: string;
  /** `look`: judge every value. `apply`: write what is proposed, which somebody has confirmed. */
  readonly work: 'look' | 'apply';
}
