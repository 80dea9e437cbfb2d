import { changeOwnPassword, passwordChangeFields } from "@/lib/login/change-own-password";
import { changeConfirmationPassword } from "@/lib/login/change-password";
import { post } from "@/lib/platform/http";

const fields = passwordChangeFields("現在の確認用パスワード", "新しい確認用パスワード");

export const POST = post({ fields, back: "/settings/confirmation-password" }, ({ request, caller, input }) =>
  changeOwnPassword(request, caller, {
    password: "confirmation", input, isTemporary: (user) => user.confirmationPasswordTemporary, change: (work, standing, browser) => changeConfirmationPassword(work, standing, input, browser),
    go: "/settings?changed=confirmation_password",
  }));
