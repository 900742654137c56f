/** Every way a request can be refused: what happened, and what to do. Each has a page under /problems/. */
export const problemCatalogue = {
  'invalid-request': { status: 400, title: 'The request is not understood', whatToDo: 'Correct the fields named in "errors" and send it again.' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON', whatToDo: 'Send a JSON object in UTF-8.' },
  unauthenticated: { status: 401, title: 'Who asks is not known', whatToDo: 'Sign in, or send an operator token as bearer: "npm run operator-token" makes one.' },
  forbidden: { status: 403, title: 'This is not allowed to you', whatToDo: 'Ask an administrator.' },
  'application-not-open': { status: 403, title: 'This application is not open to you', whatToDo: 'Ask your administrator if you need it.' },
  'step-up-required': { status: 403, title: 'A second step is asked for here', whatToDo: 'Move to the application again, "POST /api/session/application", and take the step that it asks for.' },
  'cross-site-request': { status: 403, title: 'This came from another site', whatToDo: 'Use the pages of this service themselves.' },
  'not-found': { status: 404, title: 'There is nothing here', whatToDo: 'Check the method and the address against the API document.' },
  'flow-not-found': { status: 404, title: 'This request is not known', whatToDo: 'Start a new one.' },
  'wrong-step': { status: 409, title: 'This step is not offered now', whatToDo: 'Read the flow again and take one of its actions.' },
  'request-in-progress': { status: 409, title: 'Another request is being handled', whatToDo: 'Wait a moment and read the flow again.' },
  'changed-meanwhile': { status: 409, title: 'Somebody changed this meanwhile', whatToDo: 'Look at what is there now, then decide what stays and save it again.' },
  'last-administrator': { status: 409, title: 'The account would have no administrator', whatToDo: 'Make somebody else an administrator first.' },
  'sms-services-missing': { status: 409, title: 'The account has no SMS Services', whatToDo: 'Continuity notices need the SMS Services subscription; two-step authentication and resets by SMS work without it.' },
  'second-person-needed': { status: 409, title: 'Somebody else has to approve this', whatToDo: 'Ask another administrator of the account.' },
  'already-exists': { status: 409, title: 'Something of this name exists', whatToDo: 'Choose another name, or change the one that exists.' },
  'flow-expired': { status: 410, title: 'The time for this request is over', whatToDo: 'Start a new one.' },
  'flow-locked': { status: 410, title: 'Too many wrong entries', whatToDo: 'Wait before you ask for another code, or use another method.' },
  'flow-cancelled': { status: 410, title: 'This request was cancelled', whatToDo: 'Start a new one.' },
  'flow-superseded': { status: 410, title: 'A newer request replaced this one', whatToDo: 'Go on with the newer one, or start again.' },
  'flow-done': { status: 410, title: 'This request is finished', whatToDo: 'Nothing is left to do here: go on, or start a new one.' },
  'flow-discontinued': { status: 410, title: 'The application is discontinued', whatToDo: 'Nothing you entered is lost. Ask the support desk for more time.' },
  'link-used': { status: 410, title: 'This link was used already', whatToDo: 'A link works once. Ask for a new one.' },
  'link-expired': { status: 410, title: 'This link is too old', whatToDo: 'Ask for a new one.' },
  'link-superseded': { status: 410, title: 'A newer link replaced this one', whatToDo: 'Use the newest e-mail, or ask for a new link.' },
  'body-too-large': { status: 413, title: 'The body is too large', whatToDo: 'Send no more than 16 KiB.' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON', whatToDo: 'Send it with Content-Type: application/json.' },
  'misdirected-request': { status: 421, title: 'This host is not served here', whatToDo: 'Use the address that the service was set up with.' },
  'credentials-wrong': { status: 422, title: 'The address or the password is not right', whatToDo: 'Check both and try again, or reset the password.' },
  'temporary-password-expired': { status: 422, title: 'The password you were given is too old', whatToDo: 'Ask for another one.' },
  'number-invalid': { status: 422, title: 'This number cannot be used', whatToDo: 'Enter a mobile number in long format: plus, country code, number.' },
  'captcha-wrong': { status: 422, title: 'These are not the characters displayed', whatToDo: 'Type the ones of the new picture exactly as displayed.' },
  'secret-wrong': { status: 422, title: 'This is not right', whatToDo: 'Check the newest message and enter it again.' },
  'password-policy': { status: 422, title: 'The password does not meet the policy', whatToDo: 'Mend what "failures" names.' },
  'password-mismatch': { status: 422, title: 'The two passwords differ', whatToDo: 'Type the same password twice.' },
  'method-not-offered': { status: 422, title: 'This method is not offered', whatToDo: 'Choose one of the methods offered.' },
  'task-incomplete': { status: 422, title: 'Something is missing or wrong in the form', whatToDo: 'Mend the fields named in "errors", save, and submit it again.' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used with another body', whatToDo: 'Use a new key for a new request.' },
  'too-many-requests': { status: 429, title: 'Too many requests', whatToDo: 'Wait as long as Retry-After says.' },
  'resend-too-soon': { status: 429, title: 'It is too soon for another one', whatToDo: 'Wait as long as Retry-After says.' },
  'no-resend-left': { status: 429, title: 'It cannot be sent again', whatToDo: 'Start a new request.' },
  'internal-error': { status: 500, title: 'Something went wrong here', whatToDo: 'Try again; if it stays, tell the operator the time of the request.' },
  'directory-unavailable': { status: 503, title: "The organisation's directory does not answer", whatToDo: 'The password was neither right nor wrong: try again in a moment.' },
  'engine-unavailable': { status: 503, title: 'The service is busy or being restarted', whatToDo: 'Nothing is lost: try the same request again in a moment.' },
} as const;

export type ProblemSlug = keyof typeof problemCatalogue;

/** A refusal, answered as a problem document (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(readonly slug: ProblemSlug, options: { detail?: string; extra?: Readonly<Record<string, unknown>>; headers?: Readonly<Record<string, string>> } = {}) {
    super(slug);
    this.name = 'Problem';
    this.status = problemCatalogue[slug].status;
    this.detail = options.detail ?? problemCatalogue[slug].whatToDo;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }

  /** The document; `publicUrl` is the base of the pages that explain the types. */
  toDocument(publicUrl: string): Record<string, unknown> {
    return { type: `${publicUrl}/problems/${this.slug}`, title: problemCatalogue[this.slug].title, status: this.status, detail: this.detail, ...this.extra };
  }
}

/** The problem that says how a flow ended; never that it could not be delivered. */
export function endedProblem(outcome: string): Problem {
  const slug = `flow-${outcome}`;
  return new Problem(Object.hasOwn(problemCatalogue, slug) ? (slug as ProblemSlug) : 'flow-expired');
}
