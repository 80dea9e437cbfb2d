import type { Metadata } from "next";
import { Receipt } from "./receipt";

export const dynamic = "error";
export const dynamicParams = false;

/** One page for every case: which it is, its script reads from the address. */
export const generateStaticParams = () => [{ number: "-" }];

export const metadata: Metadata = { title: "受領書" };

export default function Page() {
  return <Receipt />;
}
