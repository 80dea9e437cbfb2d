import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { env } from "./env";
import { describe, log } from "./log";
import { counter } from "./prometheus.mjs";

type RingKey = { id: string; key: Buffer; forPurpose: Map<string, Buffer> };

let ring: RingKey[] | undefined;

/** KEY_RING, current key first. */
const keyRing = (): RingKey[] =>
  (ring ??= env().KEY_RING.split(",").map((entry) => {
    const colon = entry.indexOf(":");
    return { id: entry.slice(0, colon), key: Buffer.from(entry.slice(colon + 1), "base64"), forPurpose: new Map() };
  }));

const current = (): RingKey => keyRing()[0]!;

/** One key per purpose, so that a MAC made for one is worth nothing for another. */
function keyFor({ key, forPurpose }: RingKey, purpose: string): Buffer {
  const derived = forPurpose.get(purpose) ?? Buffer.from(hkdfSync("sha256", key, "", `ichido ${purpose}`, 32));
  forPurpose.set(purpose, derived);
  return derived;
}

/** AES-256-GCM under the current key, bound to `boundTo`. Answers `keyId.iv.ciphertext.tag`, base64url. */
export function seal(plain: Uint8Array, boundTo: string): string {
  const { id } = current();
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor(current(), "seal"), iv).setAAD(Buffer.from(boundTo));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return [id, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
}

/** Ids of KEY_RING's keys, the current one first. They are no secret; the keys are. */
export const keyIds = (): [string, ...string[]] => keyRing().map(({ id }) => id) as [string, ...string[]];

/** Where sealed text lies: the first word of what it is bound to. */
const sealedTables = ["tokens", "staff", "case_targets", "mail_intents"] as const;
export type SealedTable = (typeof sealedTables)[number];

const failures = counter({
  name: "ichido_unseal_failures_total", help: "Sealed texts that did not open, by their table: changed, taken from another row, or sealed under a key that KEY_RING has not.",
  labels: { table: sealedTables },
});

/** Opens what `seal` closed. Throws if the key is not in the ring, or if it was bound to something else; either is an alarm. */
export function unseal(sealed: string, boundTo: string): Buffer {
  try {
    return open(sealed, boundTo);
  } catch (error) {
    failures.add({ table: boundTo.split(" ", 1)[0] as SealedTable });
    log().error({ row: boundTo, error: describe(error) }, "a sealed text does not open");
    throw error;
  }
}

/** Whether it opens; a question, and so no alarm. */
export function opens(sealed: string, boundTo: string): boolean {
  try {
    return open(sealed, boundTo).byteLength > 0;
  } catch {
    return false;
  }
}

function open(sealed: string, boundTo: string): Buffer {
  const [id, iv, text, tag] = sealed.split(".");
  const ringKey = keyRing().find((key) => key.id === id);
  if (!ringKey || !iv || text === undefined || !tag) throw new Error("KEY_RING has no key for this row");
  const decipher = createDecipheriv("aes-256-gcm", keyFor(ringKey, "seal"), Buffer.from(iv, "base64url"), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(boundTo)).setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(text, "base64url")), decipher.final()]);
}

/** HMACs of `value` under every key of the ring, the current one's first: compare with any, store the first. */
export const macs = (purpose: string, value: string): [string, ...string[]] =>
  keyRing().map((ringKey) =>
    `${ringKey.id}.${createHmac("sha256", keyFor(ringKey, purpose)).update(value).digest("base64url")}`) as [string, ...string[]];

export const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** 256 random bits, base64url. Shown once; only its `fingerprint` is stored. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

export const fingerprint = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
