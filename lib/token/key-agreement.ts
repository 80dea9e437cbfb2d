import { createECDH, hkdfSync } from "node:crypto";

type AgreementContext = { tokenId: string; serviceId: string; userNumber: string };

/**
 * R11, our side: an ephemeral P-256 key meets the phone's, HKDF-SHA-256 binds the result to service ID, user ID and issuance.
 * Public keys are uncompressed points (65 bytes), base64url. Undefined if the phone's is not a point of the curve.
 */
export function agreeKey(phonePublicKey: string, context: AgreementContext): { serverPublicKey: string; key: Buffer } | undefined {
  const server = createECDH("prime256v1");
  const serverPublicKey = server.generateKeys("base64url");
  try {
    const shared = server.computeSecret(Buffer.from(phonePublicKey, "base64url"));
    const info = `ichido token v1|${context.serviceId}|${context.userNumber}|${context.tokenId}`;
    return { serverPublicKey, key: Buffer.from(hkdfSync("sha256", shared, context.tokenId, info, 32)) };
  } catch {
    return undefined;
  }
}

/** The form of an uncompressed P-256 point; whether it lies on the curve is seen at the agreement. */
export function isPublicKey(text: string): boolean {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 65 && bytes[0] === 4 && bytes.toString("base64url") === text;
}
