import type { Metadata } from "next";
import { RequiredPasskey } from "./required-passkey";

export const dynamic = "error";
export const metadata: Metadata = { title: "パスキーの登録" };

export default function Page() {
  return <RequiredPasskey />;
}
