import type { Metadata } from "next";
import { StaffPasswordChange } from "./password-change";

export const dynamic = "error";
export const metadata: Metadata = { title: "パスワードの変更" };

export default function Page() {
  return <StaffPasswordChange />;
}
