/** Where copies of answers are kept. Three functions are all it takes to write one. */
export interface Store {
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  /** `maxAge` is in milliseconds; after it the copy is of no use. */
  set(key: string, text: string, maxAge: number): unknown;
  delete(key: string): unknown;
}

/** Keeps the copies used last in this process. */
export function memoryStore(entries = 500): Store {
  const copies = new Map<string, string>();
  const put = (key: string, text: string) => {
    // A map keeps the order of insertion: what was used last goes to its end.
    copies.delete(key);
    copies.set(key, text);
  };
  return {
    get(key) {
      const text = copies.get(key);
      if (text !== undefined) put(key, text);
      return text;
    },
    set(key, text) {
      put(key, text);
      if (copies.size > entries) copies.delete(copies.keys().next().value!);
    },
    delete: (key) => copies.delete(key),
  };
}
