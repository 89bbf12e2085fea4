/** Waiting for what a test expects: how long that takes is the machine's business. */

import { setTimeout as sleep } from "node:timers/promises";

/** Resolves once something is so. Rejects when that is not within a long while. */
export const until = async (isSo: () => boolean): Promise<void> => {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("it did not happen in time");
    await sleep(2);
  }
};
