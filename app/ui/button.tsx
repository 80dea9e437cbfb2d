import type { ButtonHTMLAttributes, AnchorHTMLAttributes } from "react";

const shape =
  "inline-flex min-h-12 max-sm:w-full items-center justify-center rounded-8 px-6 py-2 text-center font-bold no-underline hover:underline";

const kinds = {
  primary: "bg-blue-900 text-white hover:bg-blue-1000 active:bg-blue-1200 aria-disabled:bg-solid-gray-420",
  secondary:
    "border border-blue-900 bg-white text-blue-900 hover:bg-blue-50 hover:text-blue-1000 active:bg-blue-100 aria-disabled:border-solid-gray-420 aria-disabled:bg-white aria-disabled:text-solid-gray-536",
} as const;

type Kind = keyof typeof kinds;

/** `off` keeps the button in the tab order, so that the focus is not lost when it comes back. */
export function Button({
  kind = "primary",
  off = false,
  className = "",
  onClick,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; off?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      onClick={off ? (event) => event.preventDefault() : onClick}
      className={`${shape} ${kinds[kind]} aria-disabled:cursor-not-allowed aria-disabled:no-underline cursor-pointer ${className}`}
    />
  );
}

export function ButtonLink({
  kind = "primary",
  className = "",
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { kind?: Kind }) {
  return <a {...rest} className={`${shape} ${kinds[kind]} ${className}`} />;
}
