"use client";

import type { ReactNode, Ref } from "react";
import { Section } from "./parts.qa";

/** Where a device's frame is to go. Another `visit` of the same path is a fresh load. */
export type Place = { path: string; visit: number };

type DeviceProps = {
  id: string;
  title: string;
  place: Place | undefined;
  frame: Ref<HTMLIFrameElement>;
  onLoad?: () => void;
  buttons: ReactNode;
  children: ReactNode;
  className?: string;
};

/** A device is a frame of our own origin, so that it has the demo's cookies and storage. */
export function Device({ id, title, place, frame, onLoad, buttons, children, className }: DeviceProps) {
  return (
    <Section id={id} title={title} className={className}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">{buttons}</div>
      <div className="h-[764px] w-full rounded-8 border-2 border-solid-gray-800 bg-white">
        {place ? (
          <iframe
            key={place.visit}
            ref={frame}
            title={title}
            src={place.path}
            onLoad={onLoad}
            allow="camera"
            className="size-full rounded-[6px]"
          />
        ) : (
          <p className="p-4">準備しています。</p>
        )}
      </div>
      <p className="text-sm leading-175 text-solid-gray-700">{children}</p>
    </Section>
  );
}
