import type { Metadata } from "next";
import { Audit } from "./audit";

export const dynamic = "error";
export const metadata: Metadata = { title: "監査ログ" };

export default function Page() {
  return <Audit />;
}
