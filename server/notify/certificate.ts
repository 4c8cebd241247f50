const CODES = [
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** What is wrong with the certificate of a far end, and what to do; null where that is not what failed. */
export function certificateProblem(error: Error): string | null {
  const codes = ["code", "originalCode"].map((name) => (name in error ? String(error[name as keyof Error]) : "")); // nodemailer has a code of its own
  if (!codes.some((code) => CODES.includes(code))) return null;
  return `its certificate is not trusted: ${error.message}; if it is yours, name it in NODE_EXTRA_CA_CERTS for the server`;
}
