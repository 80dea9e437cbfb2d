import { z } from "zod";
import { browserAt } from "@/lib/login/browser";
import { passwordField } from "@/lib/login/fields";
import { halfLoginCookie } from "@/lib/login/half-login-cookie";
import { loggedIn } from "@/lib/login/logged-in";
import { presentPassword } from "@/lib/login/present-password";
import { standingOfLoginId } from "@/lib/login/standing";
import { pathOf } from "@/lib/login/states";
import { removeCookie } from "@/lib/platform/cookies";
import { post } from "@/lib/platform/http";
import { atTheBenchInTurn } from "@/lib/platform/password";
import { inOneTransaction } from "@/lib/platform/transaction";

const fields = z.object({
  loginId: z.string({ error: "ログインIDを入力してください。" }).max(200, "ログインIDは200文字以内で入力してください。")
    .transform((text) => text.normalize("NFKC").trim()).pipe(z.string().min(1, "ログインIDを入力してください。")),
  password: passwordField("ログインパスワード"),
});

export const POST = post({ fields, back: "/login" }, async ({ request, caller, input }) => {
  const { browser, knownHash, cookie } = browserAt(request);

  const result = await atTheBenchInTurn(`login ${input.loginId.toLowerCase()} ${knownHash ?? ""}`, () =>
    inOneTransaction(caller, standingOfLoginId(input.loginId, knownHash), (work, { standing }) =>
      presentPassword(work, standing, input.password, browser)));

  if (!result.ok) return { refusal: result.refusal };
  const step = result.value;
  if (step.step === "session") return loggedIn(step.session, cookie);
  const { secret, ...shown } = step.halfLogin;
  return { go: pathOf[step.step], cookies: [halfLoginCookie(secret), removeCookie("session")], extras: shown };
});
