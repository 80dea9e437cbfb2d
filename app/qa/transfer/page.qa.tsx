import type { Metadata } from "next";
import { Transfer } from "./transfer.qa";

export const dynamic = "error";
export const metadata: Metadata = { title: "振込の承認" };

export default function Page() {
  return <Transfer />;
}
