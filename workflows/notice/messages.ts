/** The workflow's name, so that the API starts it without importing its code. */
export const NOTICE = 'notice';

export interface NoticeInput {
  /** What its messages belong to, in the place of a flow. */
  readonly noticeId: string;
}
