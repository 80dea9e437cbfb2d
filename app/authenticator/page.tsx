import type { Metadata } from "next";
import { Phone } from "./phone";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワード" };

export default function AuthenticatorPage() {
  return <Phone />;
}
