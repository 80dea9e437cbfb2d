import { z } from "zod";
import { oneLineField } from "@/lib/login/fields";

/** What a browser's authenticator answers, as a form's field. */

const unreadable = "パスキーの応答を読み取れませんでした。もう一度お試しください。";

const base64url = z.string().max(8_192).regex(/^[A-Za-z0-9_-]+$/);
const credentialId = base64url.max(1_364); // 1,023 bytes, WebAuthn 5.8.3: longer ones fit in no index
const credential = { id: credentialId, rawId: credentialId, type: z.literal("public-key") };

const assertion = z.object({
  ...credential,
  response: z.object({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url, userHandle: base64url.nullish().transform((handle) => handle ?? undefined) }),
});

const attestation = z.object({
  ...credential,
  response: z.object({ clientDataJSON: base64url, attestationObject: base64url, transports: z.array(z.string().max(32)).max(16).optional().catch(undefined) }),
});

export type Assertion = z.output<typeof assertion>;
export type Attestation = z.output<typeof attestation>;

const jsonField = <Shape extends z.ZodType>(shape: Shape) =>
  z.string({ error: unreadable }).max(12_000, unreadable).transform((text, context): z.output<Shape> => {
    const parsed = shape.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: unreadable });
    return z.NEVER;
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const assertionField = jsonField(assertion);
export const attestationField = jsonField(attestation);

/** What its user calls it. */
export const passkeyNameField = oneLineField("パスキーの名前", 40);
