import type { Metadata } from "next";
import { ConfirmationPassword } from "./confirmation-password";

export const dynamic = "error";
export const metadata: Metadata = { title: "確認用パスワードの変更" };

export default function Page() {
  return <ConfirmationPassword />;
}
