import type { Metadata } from "next";
import { StaffUserDetail } from "./user";

export const dynamic = "error";
export const dynamicParams = false;

/** One page for every user: which it is, its script reads from the address. */
export const generateStaticParams = () => [{ id: "-" }];

export const metadata: Metadata = { title: "利用者詳細" };

export default function Page() {
  return <StaffUserDetail />;
}
