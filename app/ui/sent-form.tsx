"use client";

import { useEffect } from "react";

declare global {
  /** When a form began to lead away from this page, in milliseconds of `performance.now()`. */
  var leavingSince: number | undefined;
  var noteSentForm: (() => void) | undefined;
}

const note = 'addEventListener("submit",noteSentForm=()=>{leavingSince=performance.now()})';

/** Before the page's script is there the browser sends a form itself, and the page, script and all, lives until the answer comes. */
export function NoteSentForm() {
  useEffect(() => {
    if (globalThis.noteSentForm) removeEventListener("submit", globalThis.noteSentForm);
  }, []);
  return <script dangerouslySetInnerHTML={{ __html: note }} />;
}
