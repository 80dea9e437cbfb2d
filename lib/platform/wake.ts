type Holder = typeof globalThis & { ichidoMailWorker?: () => void };

/** The worker of this process, if it runs one; another process's finds the mail at its next look. */
export const wakeMailWorker = () => (globalThis as Holder).ichidoMailWorker?.();

export const onMailWritten = (wake: () => void) => { (globalThis as Holder).ichidoMailWorker = wake; };
