import type { Metadata } from "next";
import { Issuance } from "./issuance";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワードトークン発行" };

export default function Page() {
  return <Issuance />;
}
