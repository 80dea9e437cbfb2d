import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { expect } from "vitest";
import { POST as askForPasskey } from "@/app/(customer)/login/passkey/options/route";
import { POST as presentPasskey } from "@/app/(customer)/login/passkey/present/route";
import { POST as askForAnyPasskey } from "@/app/(customer)/login/passkey-alone/options/route";
import { POST as presentPasskeyAlone } from "@/app/(customer)/login/passkey-alone/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as beginRegistration } from "@/app/(customer)/settings/passkeys/options/route";
import { POST as registerPasskey } from "@/app/(customer)/settings/passkeys/register/route";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { browser } from "@/lib/login/test-browser";

/* For tests: an authenticator made of Node's crypto (ES256, attestation none), which may be told to misbehave, and what people do with one at the route handlers. */

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

type Misbehaviour = { origin?: string; rpId?: string; verifiesUser?: boolean; counter?: number; type?: string; challenge?: string; credentialId?: string; userHandle?: string; crossOrigin?: boolean; signWith?: KeyObject };

const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
export const anotherKey = () => newKey().privateKey;

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest();
const text = (data: Buffer) => data.toString("base64url");

/** CBOR's head: a major type and a length below 65,536. */
const head = (major: number, length: number) =>
  length < 24 ? Buffer.from([(major << 5) | length]) : length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
const cborBytes = (data: Buffer) => Buffer.concat([head(2, data.length), data]);
const cborText = (words: string) => Buffer.concat([head(3, words.length), Buffer.from(words)]);

function coseKey(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: "jwk" });
  return Buffer.concat([
    head(5, 5), Buffer.from([0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]), cborBytes(Buffer.from(x!, "base64url")), Buffer.from([0x22]), cborBytes(Buffer.from(y!, "base64url")),
  ]);
}

export function softAuthenticator({ counts = true } = {}) {
  const key = newKey();
  const id = randomBytes(32);
  let counter = 0;
  let userHandle: string | undefined;

  const clientData = (type: string, challenge: string, { origin = "http://localhost:3000", crossOrigin = false, ...other }: Misbehaviour) =>
    Buffer.from(JSON.stringify({ type: other.type ?? type, challenge: other.challenge ?? challenge, origin, crossOrigin }));

  function authenticatorData(flags: number, { rpId = "localhost", verifiesUser = true, counter: said }: Misbehaviour, more = Buffer.alloc(0)): Buffer {
    if (counts) counter = said ?? counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(said ?? counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | present | (verifiesUser ? verified : 0)]), count, more]);
  }

  return {
    id: text(id),
    create({ challenge, user }: { challenge: string; user?: { id: string } }, wrong: Misbehaviour = {}) {
      userHandle = user?.id;
      const length = Buffer.from([id.length >> 8, id.length & 255]);
      const data = authenticatorData(attested, wrong, Buffer.concat([Buffer.alloc(16), length, id, coseKey(key.publicKey)]));
      return {
        id: wrong.credentialId ?? text(id), rawId: wrong.credentialId ?? text(id), type: "public-key", clientExtensionResults: {},
        response: {
          clientDataJSON: text(clientData("webauthn.create", challenge, wrong)), transports: ["internal", "made-up"],
          attestationObject: text(Buffer.concat([head(5, 3), cborText("fmt"), cborText("none"), cborText("attStmt"), head(5, 0), cborText("authData"), cborBytes(data)])),
        },
      };
    },
    get({ challenge }: { challenge: string }, wrong: Misbehaviour = {}) {
      const asked = clientData("webauthn.get", challenge, wrong);
      const data = authenticatorData(0, wrong);
      const credentialId = wrong.credentialId ?? text(id);
      return {
        id: credentialId, rawId: credentialId, type: "public-key", clientExtensionResults: {},
        response: {
          clientDataJSON: text(asked), authenticatorData: text(data), userHandle: "userHandle" in wrong ? wrong.userHandle : userHandle,
          signature: text(sign("sha256", Buffer.concat([data, sha256(asked)]), wrong.signWith ?? key.privateKey)),
        },
      };
    },
  };
}

export type SoftAuthenticator = ReturnType<typeof softAuthenticator>;
type Pc = ReturnType<typeof browser>;
type Options = { challenge: string; rp?: { id: string }; rpId?: string; user: { id: string }; userVerification?: string; allowCredentials?: { id: string }[]; excludeCredentials?: { id: string }[]; authenticatorSelection?: object; attestation?: string };

/** The options that a door answers. */
export async function optionsOf(pc: Pc, door: Parameters<Pc["post"]>[0], form: Record<string, string>) {
  const answer = (await pc.post(door, form)) as Awaited<ReturnType<Pc["post"]>> & { options: Options };
  expect(answer).toMatchObject({ ok: true });
  return answer.options;
}

/** The options a session gets for a new passkey. */
export const registrationOptionsOf = (pc: Pc, passkeyName = "事務所のパソコン") => optionsOf(pc, beginRegistration, { passkeyName, confirmationPassword });
/** The options a half-login gets. */
export const assertionOptionsOf = (pc: Pc) => optionsOf(pc, askForPasskey, {});

export const presentAttestation = (pc: Pc, credential: object, passkeyName = "事務所のパソコン") => pc.post(registerPasskey, { passkeyName, credential: JSON.stringify(credential) });
export const presentAssertion = (pc: Pc, credential: object) => pc.post(presentPasskey, { credential: JSON.stringify(credential) });

/** The options anybody gets who says no login ID. */
export const optionsForAnyOf = (pc: Pc) => optionsOf(pc, askForAnyPasskey, {});
export const presentAlone = (pc: Pc, credential: object) => pc.post(presentPasskeyAlone, { credential: JSON.stringify(credential) });

/** Registers a new authenticator from a session. */
export async function registered(pc: Pc, passkeyName = "事務所のパソコン", device = softAuthenticator()): Promise<SoftAuthenticator> {
  expect(await presentAttestation(pc, device.create(await registrationOptionsOf(pc, passkeyName)), passkeyName)).toMatchObject({ ok: true });
  return device;
}

/** A browser after step 1. */
export async function afterPasswordOf(loginId: string, pc = browser()) {
  const { go, ok, refusal } = await pc.post(presentPassword, { loginId, password: loginPassword });
  return { pc, go, ok, refusal };
}

/** Both steps, the second by the passkey. */
export async function logInBy(loginId: string, device: SoftAuthenticator, pc = browser()) {
  await afterPasswordOf(loginId, pc);
  expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true, go: "/" });
  return pc;
}

