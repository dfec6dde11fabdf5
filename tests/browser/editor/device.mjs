/** What this device keeps of unsent text. */
export const records = (page) => page.evaluate(() => new Promise((resolve) => {
  const request = indexedDB.open('larder', 1);
  request.onsuccess = () => {
    const all = request.result.transaction('unsent').objectStore('unsent').getAll();
    all.onsuccess = () => {
      request.result.close();
      resolve(all.result);
    };
  };
}));
