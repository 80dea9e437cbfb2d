// For tests and proofs: an authenticator made of Node's crypto (ES256, attestation none), which may be told to misbehave.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

/** @typedef {import("node:crypto").KeyObject} KeyObject */
/** @typedef {{ origin?: string, rpId?: string, verifiesUser?: boolean, counter?: number, type?: string, challenge?: string, credentialId?: string, userHandle?: string, crossOrigin?: boolean, signWith?: KeyObject }} Misbehaviour */

const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
export const anotherKey = () => newKey().privateKey;

/** @param {string | Buffer} data */
const sha256 = (data) => createHash("sha256").update(data).digest();
/** @param {Buffer} data */
const text = (data) => data.toString("base64url");

/** CBOR's head: a major type and a length below 65,536. @param {number} major @param {number} length */
const head = (major, length) =>
  length < 24 ? Buffer.from([(major << 5) | length]) : length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
/** @param {Buffer} data */
const cborBytes = (data) => Buffer.concat([head(2, data.length), data]);
/** @param {string} words */
const cborText = (words) => Buffer.concat([head(3, words.length), Buffer.from(words)]);

/** @param {KeyObject} publicKey */
function coseKey(publicKey) {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  return Buffer.concat([
    head(5, 5), Buffer.from([0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]), cborBytes(Buffer.from(x, "base64url")), Buffer.from([0x22]), cborBytes(Buffer.from(y, "base64url")),
  ]);
}

/** @param {{ counts?: boolean, origin?: string }} [options] `origin`: of the page that asks, unless told otherwise */
export function softAuthenticator({ counts = true, origin: ownOrigin = "http://localhost:3000" } = {}) {
  const key = newKey();
  const id = randomBytes(32);
  let counter = 0;
  /** @type {string | undefined} */
  let userHandle;

  /** @param {string} type @param {string} challenge @param {Misbehaviour} wrong */
  const clientData = (type, challenge, { origin = ownOrigin, crossOrigin = false, ...other }) =>
    Buffer.from(JSON.stringify({ type: other.type ?? type, challenge: other.challenge ?? challenge, origin, crossOrigin }));

  /** @param {number} flags @param {Misbehaviour} wrong */
  function authenticatorData(flags, { rpId = "localhost", verifiesUser = true, counter: said }, more = Buffer.alloc(0)) {
    if (counts) counter = said ?? counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(said ?? counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | present | (verifiesUser ? verified : 0)]), count, more]);
  }

  return {
    id: text(id),
    /** @param {{ challenge: string, user?: { id: string } }} options @param {Misbehaviour} [wrong] */
    create({ challenge, user }, wrong = {}) {
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
    /** @param {{ challenge: string }} options @param {Misbehaviour} [wrong] */
    get({ challenge }, wrong = {}) {
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
