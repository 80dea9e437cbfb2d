import type { CDPSession, Page } from "@playwright/test";

/** Chromium's own: the device's platform authenticator, whose user is verified unless told otherwise. It belongs to one page. */
export async function virtualAuthenticator(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    /** Whether the next fingerprint is the owner's. */
    verifies: (isUserVerified: boolean) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** As a copy would be that was made before the last uses. */
    async setCounter(signCount: number) {
      const [credential] = (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
      await cdp.send("WebAuthn.removeCredential", { authenticatorId, credentialId: credential!.credentialId });
      await cdp.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credential!, signCount } });
    },
  };
}

/** A browser that knows no passkeys. */
export const withoutPasskeys = (page: Page) => page.addInitScript(() => { Reflect.deleteProperty(globalThis, "PublicKeyCredential"); });
