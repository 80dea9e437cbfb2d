import type { Metadata } from "next";
import { StaffOneTimePassword } from "./one-time-password";

export const dynamic = "error";
export const metadata: Metadata = { title: "職員ログイン" };

export default function Page() {
  return <StaffOneTimePassword />;
}
