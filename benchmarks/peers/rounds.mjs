// The other end of a contest, in Node: works for as long as each line of standard input says.
import { createInterface } from "node:readline";

/** Does one thing after the other in each round, each of which counts as so many operations. */
export const playInTurn = async (place, each) => {
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const ends = began + Number(line) * 1000;
    let operations = 0;
    do {
      place();
      operations += each;
    } while (performance.now() < ends);
    const wallS = (performance.now() - began) / 1000;
    const used = process.cpuUsage(cpu);
    const cpuS = (used.user + used.system) / 1e6;
    console.log(JSON.stringify({ operations, wall_s: wallS, cpu_s: cpuS }));
  }
};

/** Keeps so many orders in flight in each round. */
export const play = async (place, inFlight) => {
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const ends = began + Number(line) * 1000;
    const work = async () => {
      let operations = 0;
      do {
        await place();
        operations += 1;
      } while (performance.now() < ends);
      return operations;
    };
    const done = await Promise.all(Array.from({ length: inFlight }, work));
    const wallS = (performance.now() - began) / 1000;
    const used = process.cpuUsage(cpu);
    const operations = done.reduce((sum, one) => sum + one, 0);
    const cpuS = (used.user + used.system) / 1e6;
    console.log(JSON.stringify({ operations, wall_s: wallS, cpu_s: cpuS }));
  }
};
