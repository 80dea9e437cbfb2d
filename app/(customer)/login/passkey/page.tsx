import type { Metadata } from "next";
import { Passkey } from "./passkey";

export const dynamic = "error";
export const metadata: Metadata = { title: "パスキー認証" };

export default function Page() {
  return <Passkey />;
}
