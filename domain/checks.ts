/** What came of checking for real what somebody entered. Reasons are plain words for that person. */
export type CheckOutcome<Facts = Readonly<Record<string, unknown>>> =
  | { readonly result: 'ok'; readonly facts: Facts }
  | (CheckProblem & { /** What was found all the same. */ readonly facts?: Facts });

/** `not-yet`: looking again later may find it. `wrong`: somebody has to change something first. */
export interface CheckProblem {
  readonly result: 'not-yet' | 'wrong';
  /** What kind of problem it is, for programs: words may change, this does not. */
  readonly code: string;
  readonly reason: string;
  readonly whatToDo: string;
}

export function notYet(code: string, reason: string, whatToDo: string): CheckProblem {
  return { result: 'not-yet', code, reason, whatToDo };
}

export function wrong(code: string, reason: string, whatToDo: string): CheckProblem {
  return { result: 'wrong', code, reason, whatToDo };
}

/** Several problems as one: wrong where one of them is, and each thing is said once. Null where there is none. */
export function together(problems: readonly CheckProblem[]): CheckProblem | null {
  const first = problems.find(({ result }) => result === 'wrong') ?? problems[0];
  if (!first) return null;
  const said = (what: 'reason' | 'whatToDo'): string => [...new Set(problems.map((problem) => problem[what]))].join(' ');
  return { result: first.result, code: first.code, reason: said('reason'), whatToDo: said('whatToDo') };
}

/** Parts each of which was checked by itself: what was found, and the problems. */
export function sortOut<T extends object>(checked: readonly (T | CheckProblem)[]): { readonly found: T[]; readonly problems: CheckProblem[] } {
  const isProblem = (one: T | CheckProblem): one is CheckProblem => 'whatToDo' in one;
  return { found: checked.filter((one): one is T => !isProblem(one)), problems: checked.filter(isProblem) };
}
