import type { Metadata } from "next";
import { StaffLogin } from "./login";

export const dynamic = "error";
export const metadata: Metadata = { title: "職員ログイン" };

export default function Page() {
  return <StaffLogin />;
}
