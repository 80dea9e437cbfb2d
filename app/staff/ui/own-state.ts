"use client";

import { useBrowserValue } from "@/app/ui/browser-values";
import { useStateRoute } from "@/app/ui/state-route";

const readPath = () => location.pathname;
const readQuery = () => location.search;

/** The answer of the state route below a page's own address, its query included: what is shown can be reloaded, gone back to and handed on. */
export function useOwnState<State>() {
  const path = useBrowserValue(readPath);
  const query = useBrowserValue(readQuery) ?? "";
  const answer = useStateRoute<State>(`${path ?? ""}/state${query}`, { atFirst: path !== null });
  return { path: path ?? "", query: new URLSearchParams(query), answer };
}
