import { env } from "@/lib/platform/env";

/** One mail to exactly one address, in words. */
export type Mail = { to: string; subject: string; text: string; html: string };

/**
 * What became of an attempt. `sent`: the provider has taken it over. `retry`: certainly not taken over, may be later.
 * `refused`: will never be taken over. `unknown`: it may have been. The text is a name for the log: never an address, a link or content.
 */
export type Outcome = "sent" | { retry: string; afterSeconds?: number } | { refused: string } | { unknown: string };

/** An exception counts as an unknown outcome. */
export type Transport = (mail: Mail, attempt: { idempotencyKey: string; signal: AbortSignal }) => Promise<Outcome>;

/** The same for every attempt, so that a mailbox that gets it twice can tell. */
export const messageId = (idempotencyKey: string, from: string) => `<${idempotencyKey}@${from.slice(from.lastIndexOf("@") + 1).replace(">", "")}>`;

export function oneOf(transports: Record<string, Transport>) {
  const mailTransports = Object.keys(transports);
  return {
    mailTransports,
    mailTransport(name = env().MAIL_TRANSPORT): Transport {
      const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
      if (!transport) throw new Error(`MAIL_TRANSPORT must be one of ${mailTransports.join(", ")}`);
      return transport;
    },
  };
}
