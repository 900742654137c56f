/** Browsers by what they say of themselves, the more particular first: most also claim to be their ancestors. */
const known: readonly (readonly [name: string, version: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/([\d.]+)/],
  ['Opera', /\bOPR\/([\d.]+)/],
  ['Samsung Internet', /\bSamsungBrowser\/([\d.]+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['Chrome', /\b(?:Headless)?Chrom(?:e|ium)\/([\d.]+)|\bCriOS\/([\d.]+)/],
  ['Safari', /\bVersion\/([\d.]+).*\bSafari\//],
];

/** The browser and its version, as a support desk asks for them; the whole user agent where it is none of the known ones. */
export function browserName(userAgent: string): string {
  for (const [name, version] of known) {
    const found = version.exec(userAgent);
    if (found) return `${name} ${found.slice(1).find(Boolean)}`;
  }
  return userAgent;
}
