"use client";

import { useInstitution } from "./institution";

/** For screens that take their time: half a login ends while they are filled in, and loses nothing but itself. The default stands until the bank's number is known. */
export function HalfLoginNotice() {
  const { halfLoginMinutes = 10 } = useInstitution()?.policy ?? {};
  return <p>安全のため、ログインから{halfLoginMinutes}分が過ぎると、もう一度ログインしていただきます。</p>;
}
