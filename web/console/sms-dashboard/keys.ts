/** Under what the pages keep an account's settings of texts. */
export function settingsKey(account: string): readonly string[] {
  return ['sms-settings', account];
}
