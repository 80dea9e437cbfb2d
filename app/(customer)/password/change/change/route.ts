import { changeOwnPassword, passwordChangeFields } from "@/lib/login/change-own-password";
import { changeLoginPassword } from "@/lib/login/change-password";
import { post } from "@/lib/platform/http";

const fields = passwordChangeFields("現在のパスワード", "新しいパスワード");

export const POST = post({ fields, back: "/password/change" }, ({ request, caller, input }) =>
  changeOwnPassword(request, caller, {
    password: "login", input, isTemporary: (user) => user.loginPasswordTemporary, change: (work, standing, browser) => changeLoginPassword(work, standing, input, browser), go: "/",
  }));
