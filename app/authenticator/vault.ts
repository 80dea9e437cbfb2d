import { makePhoneKeys, type PhoneKeys } from "./key-agreement";
import type { StoredToken } from "./token";

/* The phone's only store. Keys are non-extractable CryptoKeys, so a copy of the database files alone computes nothing in a script. */

type Pending = PhoneKeys & { issuance: string; madeAt: number };

const pendingLifeMilliseconds = 24 * 60 * 60 * 1000;

let connection: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  connection ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("ichido-authenticator", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("tokens", { keyPath: "id" });
      request.result.createObjectStore("pending", { keyPath: "issuance" });
    };
    request.onsuccess = () => {
      const forget = () => (connection = undefined);
      request.result.onversionchange = () => {
        request.result.close();
        forget();
      };
      request.result.onclose = forget;
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the vault is blocked by another tab"));
  }).catch((error: unknown) => {
    connection = undefined;
    throw error;
  });
  return connection;
}

async function within<Value>(
  stores: Array<"tokens" | "pending">,
  mode: IDBTransactionMode,
  act: (transaction: IDBTransaction) => IDBRequest<Value> | undefined,
): Promise<Value | undefined> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode);
    const request = act(transaction);
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Newest first: what was just set up is what the person looks for. */
export async function storedTokens(): Promise<StoredToken[]> {
  const tokens = await within<StoredToken[]>(["tokens"], "readonly", (transaction) => transaction.objectStore("tokens").getAll());
  return (tokens ?? []).sort((one, other) => other.setUpAt - one.setUpAt);
}

/**
 * The key pair is stored before the server hears of it and kept until its answer is stored: a lost answer is asked for
 * again with the same key, and two tabs setting up one issuance use one key.
 */
export async function phoneKeysFor(issuance: string, now: number): Promise<PhoneKeys> {
  const fresh: Pending = { issuance, madeAt: now, ...(await makePhoneKeys()) };
  let keys: PhoneKeys = fresh;
  await within(["pending"], "readwrite", (transaction) => {
    const pending = transaction.objectStore("pending");
    const all: IDBRequest<Pending[]> = pending.getAll();
    all.onsuccess = () => {
      for (const old of all.result) if (now - old.madeAt > pendingLifeMilliseconds) pending.delete(old.issuance);
      const kept = all.result.find((one) => one.issuance === issuance && now - one.madeAt <= pendingLifeMilliseconds);
      if (kept) keys = kept;
      else pending.put(fresh);
    };
    return undefined;
  });
  return keys;
}

export async function keepToken(token: StoredToken, issuance?: string): Promise<void> {
  await within(["tokens", "pending"], "readwrite", (transaction) => {
    transaction.objectStore("tokens").put(token);
    if (issuance) transaction.objectStore("pending").delete(issuance);
    return undefined;
  });
  tellOtherTabs();
}

export async function removeToken(id: string): Promise<void> {
  await within(["tokens"], "readwrite", (transaction) => {
    transaction.objectStore("tokens").delete(id);
    return undefined;
  });
  tellOtherTabs();
}

const channelName = "ichido-authenticator";

function tellOtherTabs() {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage("changed");
  channel.close();
}

export function onVaultChange(changed: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = changed;
  return () => channel.close();
}
