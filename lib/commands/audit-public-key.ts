import { fingerprintOf, signerOf } from "@/lib/audit/chain.mjs";
import { variables } from "@/lib/platform/env";
import { variable } from "@/lib/platform/env-variable.mjs";

/** The half of AUDIT_SIGNING_KEY that anybody may know: what whoever checks an export needs, from us and not from the file. */
const given = variables.shape.AUDIT_SIGNING_KEY.safeParse(variable("AUDIT_SIGNING_KEY"));
if (given.success) {
  const { publicKey } = signerOf(given.data);
  console.log(publicKey);
  console.error(`Fingerprint: ${fingerprintOf(publicKey)}`); // apart, so that the key alone may go to a file
} else {
  console.error("AUDIT_SIGNING_KEY is missing, or is not base64 of 32 bytes.");
  process.exitCode = 1;
}
