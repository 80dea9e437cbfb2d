import type { Metadata } from "next";
import { OneTimePassword } from "./one-time-password";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワード認証" };

export default function Page() {
  return <OneTimePassword />;
}
