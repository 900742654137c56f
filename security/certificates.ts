import type { TLSSocket } from 'node:tls';

/** What a server showed of itself over TLS. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** The names it is for. */
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_REVOKED: 'its certificate was revoked',
};

/** How the other codes of verifying begin. */
const VERIFYING = /^(CERT|UNABLE|INVALID|PATH|CRL|HOSTNAME)_/;

/** Why a certificate is not trusted, as it reads within a sentence; undefined where an error is about something else. */
export function certificateProblem(error: unknown): string | undefined {
  const code = typeof error === 'string' ? error : String((error as NodeJS.ErrnoException).code);
  return PROBLEMS[code] ?? (VERIFYING.test(code) ? 'its certificate cannot be checked' : undefined);
}

/** A name of several parts may occur more than once in a certificate: the first is shown. */
function first(name: string | string[] | undefined): string {
  return (Array.isArray(name) ? name[0] : name) ?? '';
}

/** What a server's certificate says, once TLS is established. */
export function certificateFacts(socket: TLSSocket): CertificateFacts {
  const { subject, issuer, subjectaltname = '', valid_from: from, valid_to: to } = socket.getPeerCertificate();
  return {
    subject: first(subject?.CN) || first(subject?.O),
    issuer: first(issuer?.CN) || first(issuer?.O),
    names: subjectaltname.split(', ').filter(Boolean).map((name) => name.replace(/^[^:]+:/, '')),
    validFrom: new Date(from).toISOString(),
    validTo: new Date(to).toISOString(),
    protocol: socket.getProtocol() ?? '',
  };
}
