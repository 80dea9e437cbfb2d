import type { Metadata } from "next";
import { StaffPasskeys } from "./passkeys";

export const dynamic = "error";
export const metadata: Metadata = { title: "パスキー" };

export default function Page() {
  return <StaffPasskeys />;
}
