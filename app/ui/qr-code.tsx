import { create } from "qrcode";

const quietZone = 4;

/** Drawn as one path: no image request, and nothing that the content security policy would have to allow. `dense`: for a long text, larger and with less error correction. */
export function QrCode({ text, name, dense = false }: { text: string; name: string; dense?: boolean }) {
  const { modules } = create(text, { errorCorrectionLevel: dense ? "L" : "M" });
  const side = modules.size + 2 * quietZone;
  let path = "";
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) path += `M${column + quietZone} ${row + quietZone}h1v1h-1z`;
    }
  }
  return (
    <svg role="img" aria-label={name} viewBox={`0 0 ${side} ${side}`} className={`shrink-0 bg-white ${dense ? "aspect-square w-full max-w-88" : "size-44"}`}>
      <path d={path} className="fill-black" shapeRendering="crispEdges" />
    </svg>
  );
}
