const side = 720;

/** On this page the phone cannot be held before the PC: its camera films the QR code that the PC's frame shows, and what is before this device where there is none. */
export function lendCamera(phone: Window | null | undefined, pc: () => Document | null | undefined): void {
  const devices = phone?.navigator.mediaDevices;
  if (!devices) return;
  const own = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wanted) => {
    const code = pc()?.querySelector<SVGElement>('svg[role="img"][aria-label$="QRコード"]');
    return code ? filmOf(code) : own(wanted);
  };
}

async function filmOf(code: SVGElement): Promise<MediaStream> {
  const copy = code.cloneNode(true) as SVGElement;
  for (const name of ["width", "height"]) copy.setAttribute(name, String(side));
  const picture = new Image();
  picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d");
  const film = canvas.captureStream();
  const timer = setInterval(() => {
    if (!film.active) return clearInterval(timer);
    context?.fillRect(0, 0, side, side);
    context?.drawImage(picture, 0, 0);
  }, 100);
  if (context) context.fillStyle = "#ffffff";
  return film;
}
