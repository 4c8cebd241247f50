import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { createTransport, type SendMailOptions } from "nodemailer";
import { certificateProblem } from "../certificate.ts";
import { requireListed, requireReachable, TargetError, type TargetPolicy } from "../targets.ts";
import { short, type Outgoing, type Send, type SendResult, type Target } from "./farEnd.ts";

const TIMEOUT_MS = 10_000;

/** Sends one plain mail over SMTP. The `Message-ID` is the same for every attempt, those of one incident form a thread. */
export const sendEmail: Send<"email"> = async (target, outgoing, policy) => {
  // Read once the far end waits for it: from its end on the mail may have arrived, whatever is heard.
  const text = Readable.from([outgoing.message.text]);
  try {
    const address = await reachableAddress(target, policy);
    return await sendVia(address, target, { ...mailOf(target, outgoing), text });
  } catch (error) {
    return failureOf(error, text.readableEnded);
  }
};

/** What is checked is what is connected to: the name is asked for once. */
async function reachableAddress({ host, port }: Target<"email">, policy: TargetPolicy): Promise<string> {
  requireListed({ host, port }, policy);
  const { address } = await lookup(host);
  requireReachable(address, policy);
  return address;
}

async function sendVia(address: string, target: Target<"email">, mail: SendMailOptions): Promise<SendResult> {
  const { host, port, security, username, password } = target;
  const transport = createTransport({
    ...{ host: address, port, secure: security === "tls", requireTLS: security === "starttls", ignoreTLS: security === "none" },
    ...(username === null ? {} : { auth: { user: username, pass: password ?? "" } }),
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, dnsTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    const sent = await transport.sendMail(mail);
    return { ok: true, detail: short(sent.response), ref: null };
  } finally {
    transport.close();
  }
}

function mailOf({ from, to }: Target<"email">, { message, idempotencyKey, incidentKey }: Outgoing): SendMailOptions {
  return {
    from,
    to,
    subject: message.title,
    messageId: `<${idempotencyKey}@hashwatch.local>`,
    references: `<${incidentKey}@hashwatch.local>`,
    headers: { "Auto-Submitted": "auto-generated", "Idempotency-Key": idempotencyKey },
  };
}

/** SMTP says with a 5xx that another attempt is in vain; anything else may pass. */
function failureOf(error: unknown, handedOver: boolean): SendResult {
  const detail = short(error instanceof Error ? (certificateProblem(error) ?? error.message) : String(error));
  const code = typeof error === "object" && error !== null && "responseCode" in error ? Number(error.responseCode) : 0;
  const retry = !(error instanceof TargetError) && code < 500;
  return { ok: false, detail, retry, retryAfterMs: null, uncertain: handedOver && code === 0 };
}
