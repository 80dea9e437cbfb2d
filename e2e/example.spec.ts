import { test } from "./fixtures";
import { minutes } from "./qa";

test("a revoked user cannot log in for 30 minutes, and can after 30 minutes", async ({ qa, pc, otherPc }) => {
  await pc.logIn(qa, "haruki");
  await pc.tokens.revoke("sakuro");
  await pc.tokensResult.shown();
  await qa.advance(29 * minutes);
  await otherPc.login.open();
  await otherPc.login.present("sakuro");
  await otherPc.login.expectRefusal("OTP-203");
  await qa.advance(1 * minutes);
  await otherPc.login.present("sakuro");
  await otherPc.issuance.shown();
});
