import type { Metadata } from "next";
import { Demo } from "./demo.qa";

export const dynamic = "error";
export const metadata: Metadata = { title: "デモと検査" };

export default function Page() {
  return <Demo />;
}
